// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <fstream>
#include <string>

#include "temporary_folder.hpp"

namespace energylens::meter {

/// Writes a small file, making its folders.
inline void put(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

/// A folder that looks like /sys with two packages, one of them with memory and cores.
inline void make_powercap(const std::filesystem::path& root, double energy_j) {
  const std::filesystem::path powercap = root / "class" / "powercap";
  const auto zone = [&](const std::string& folder, const std::string& name) {
    put(powercap / folder / "name", name + "\n");
    put(powercap / folder / "energy_uj", std::to_string(static_cast<long long>(energy_j * 1e6)) + "\n");
    put(powercap / folder / "max_energy_range_uj", "262143328850\n");
  };
  zone("intel-rapl:0", "package-0");
  zone("intel-rapl:0/intel-rapl:0:0", "core");
  zone("intel-rapl:0/intel-rapl:0:1", "dram");
  zone("intel-rapl:1", "package-1");
  zone("intel-rapl:2", "psys");
  put(powercap / "intel-rapl" / "enabled", "1\n");
}

/// A folder that looks like /sys with one Intel card of two tiles and a sensor of something else.
inline void make_hwmon(const std::filesystem::path& root, double energy_j) {
  const std::filesystem::path hwmon = root / "class" / "hwmon";
  const std::string energy = std::to_string(static_cast<long long>(energy_j * 1e6)) + "\n";
  put(hwmon / "hwmon0" / "name", "nvme\n");
  put(hwmon / "hwmon1" / "name", "i915\n");
  put(hwmon / "hwmon1" / "energy1_input", energy);
  put(hwmon / "hwmon2" / "name", "i915_gt0\n");
  put(hwmon / "hwmon2" / "energy1_input", energy);
}

/// A page of dcgm-exporter with two GPUs.
inline std::string dcgm_page(double energy_j, double power_w) {
  const auto line = [](const std::string& metric, int gpu, double value) {
    const std::string number = std::to_string(gpu);
    return metric + "{gpu=\"" + number + "\",UUID=\"GPU-page-" + number + "\",device=\"nvidia" + number +
           "\",modelName=\"Page GPU\",Hostname=\"node\"} " + std::to_string(value) + "\n";
  };
  std::string page =
      "# HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).\n# TYPE DCGM_FI_DEV_POWER_USAGE gauge\n";
  for (const int gpu : {0, 1}) page += line("DCGM_FI_DEV_POWER_USAGE", gpu, power_w);
  page += "# TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter\n";
  for (const int gpu : {0, 1}) page += line("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", gpu, energy_j * 1e3);
  return page + "DCGM_FI_DEV_GPU_TEMP{gpu=\"0\"} 40\n";
}

}  // namespace energylens::meter
