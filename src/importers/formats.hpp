// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/importers/import.hpp"

namespace energylens::importers {

// One source file each.
Imported import_mlenergy(const Request& request);
Imported import_vllm(const Request& request);
Imported import_nvidia_smi(const Request& request);
Imported import_aiconfigurator(const Request& request);

}  // namespace energylens::importers
