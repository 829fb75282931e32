// SPDX-License-Identifier: Apache-2.0
// The kernel's powercap folder, `class/powercap/intel-rapl:N` (AMD processors appear under the same name): a
// zone per package, with memory as a zone below it. Zones named core and uncore are parts of a package and
// psys contains it, so they are left out. Counters move about every millisecond and begin again at
// max_energy_range_uj. Since 2020 only root may read them. Held by sysfs_test.cpp.
#include <cerrno>
#include <cstring>

#include "meter/backends.hpp"
#include "meter/sysfs.hpp"

namespace energylens::meter {
namespace {

namespace fs = std::filesystem;
constexpr double kUpdate_s = 1e-3;

struct Zones {
  std::vector<Device> devices;
  std::vector<fs::path> files;
  std::string forbidden;  // the first counter that may not be read
  int error = 0;
};

void add_zone(const fs::path& folder, const std::string& name, Scope scope, Zones& zones) {
  const fs::path file = folder / "energy_uj";
  const KernelText text = read_kernel_file(file);
  if (!text.read()) {
    if (zones.forbidden.empty()) zones.forbidden = file.string();
    zones.error = text.error;
    return;
  }
  Device device;
  device.name = name;
  device.uuid = folder.filename().string();
  device.index = static_cast<int>(zones.devices.size());
  device.scope = device.power_scope = scope;
  device.has_counter = true;
  device.counter_update_s = kUpdate_s;
  const std::optional<double> range_uj = read_kernel_number(folder / "max_energy_range_uj");
  if (range_uj && *range_uj > 0) device.counter_wrap_j = *range_uj * 1e-6;
  zones.devices.push_back(std::move(device));
  zones.files.push_back(file);
}

Zones zones_of(const fs::path& powercap) {
  Zones zones;
  for (const fs::path& package : kernel_folders(powercap, "intel-rapl:")) {
    const std::string name = read_kernel_file(package / "name").text;
    if (!name.starts_with("package")) continue;
    add_zone(package, name, Scope::package, zones);
    for (const fs::path& part : kernel_folders(package, "intel-rapl:")) {
      if (read_kernel_file(part / "name").text == "dram")
        add_zone(part, "dram of " + name, Scope::dram, zones);
    }
  }
  return zones;
}

}  // namespace

Opened open_rapl(const OpenOptions& options) {
  const fs::path powercap = fs::path(options.source) / "class" / "powercap";
  Zones zones = zones_of(powercap);
  if (!zones.forbidden.empty()) {
    return {nullptr, "cannot read " + zones.forbidden + ": " + std::strerror(zones.error),
            zones.error == EACCES || zones.error == EPERM
                ? "run as root, or let the administrator do: chmod a+r " + powercap.string() +
                      "/intel-rapl:*/energy_uj " + powercap.string() + "/intel-rapl:*/intel-rapl:*/energy_uj"
                : "load the module intel_rapl_msr again"};
  }
  if (zones.devices.empty()) {
    return {nullptr, "no processor package in " + powercap.string(),
            "modprobe intel_rapl_msr; virtual machines and containers often have none: measure on the host"};
  }
  return {counter_files(std::move(zones.devices), std::move(zones.files), *options.clock), "", ""};
}

}  // namespace energylens::meter
