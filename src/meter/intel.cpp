// SPDX-License-Identifier: Apache-2.0
// Intel's GPU drivers (xe, and i915 for discrete cards) show the energy of a card as `energy1_input`, in
// microjoules, in a hwmon folder named after the driver. Folders of single tiles ("i915_gt0") are parts of a
// card and left out. Held by sysfs_test.cpp.
#include <cstring>

#include "meter/backends.hpp"
#include "meter/sysfs.hpp"

namespace energylens::meter {
namespace {

namespace fs = std::filesystem;

/// The PCI address that the folder's `device` link leads to; empty without one.
std::string address_of(const fs::path& folder) {
  std::error_code error;
  const fs::path target = fs::read_symlink(folder / "device", error);
  return error ? std::string() : target.filename().string();
}

Device card(const fs::path& folder, const std::string& driver, std::size_t index) {
  Device device;
  device.name = "Intel GPU (" + driver + ")";
  device.uuid = address_of(folder);
  device.index = static_cast<int>(index);
  device.has_counter = true;
  return device;
}

}  // namespace

Opened open_intel(const OpenOptions& options) {
  const fs::path hwmon = fs::path(options.source) / "class" / "hwmon";
  std::vector<Device> devices;
  std::vector<fs::path> files;
  bool driver_seen = false;
  for (const fs::path& folder : kernel_folders(hwmon, "hwmon")) {
    const std::string driver = read_kernel_file(folder / "name").text;
    if (driver != "xe" && driver != "i915") continue;
    driver_seen = true;
    const fs::path file = folder / "energy1_input";
    const KernelText text = read_kernel_file(file);
    if (!text.read()) continue;
    devices.push_back(card(folder, driver, devices.size()));
    files.push_back(file);
  }
  if (devices.empty()) {
    return {nullptr,
            driver_seen ? "the Intel GPU in " + hwmon.string() + " shows no energy1_input"
                        : "no Intel GPU in " + hwmon.string(),
            "a discrete Intel GPU with the xe driver (Linux 6.10 or later) or i915 (6.2 or later) is needed"};
  }
  return {counter_files(std::move(devices), std::move(files), *options.clock), "", ""};
}

}  // namespace energylens::meter
