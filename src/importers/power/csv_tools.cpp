// SPDX-License-Identifier: Apache-2.0
// Tools whose logs are CSV in some dialect: amd-smi, rocm-smi --csv, xpu-smi dump, hl-smi, Zeus, and logs of one's own with a
// column per GPU. Held by power_tools_test.cpp.
#include "importers/formats.hpp"
#include "importers/power/power_csv.hpp"

namespace energylens::importers {

Imported import_amd_smi(const Request& request) {
  return import_log(request, "amd-smi");
}
Imported import_xpu_smi(const Request& request) {
  return import_log(request, "xpu-smi");
}
Imported import_hl_smi(const Request& request) {
  return import_log(request, "hl-smi");
}
Imported import_power_csv(const Request& request) {
  return import_log(request, "power-csv");
}

}  // namespace energylens::importers
