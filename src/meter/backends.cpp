// SPDX-License-Identifier: Apache-2.0
// The table of backends: one row and one file each. Held by backends_test.cpp, and by contract_test.cpp,
// which runs the same demands on every row.
#include "meter/backends.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"

namespace energylens::meter {
namespace {

// clang-format off: one backend per block
constexpr std::array kBackends = {
    Backend{"nvml", "NVIDIA GPUs: energy counter and power of the driver's library.", "library",
            "libnvidia-ml.so.1", "ENERGYLENS_NVML_LIBRARY", "CUDA_VISIBLE_DEVICES", "", "",
            "CUDA_DEVICE_ORDER", true, open_nvml},
    Backend{"rocm", "AMD GPUs: energy counter and power of ROCm's library.", "library", "librocm_smi64.so",
            "ENERGYLENS_ROCM_LIBRARY", "HIP_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES",
            "", true, open_rocm},
    Backend{"intel", "Intel GPUs: energy counter of the kernel (hwmon).", "folder", "/sys",
            "ENERGYLENS_SYSFS", "", "", "", "", true, open_intel},
    Backend{"rapl", "Processor packages and memory: energy counters of the kernel (powercap).", "folder",
            "/sys", "ENERGYLENS_SYSFS", "", "", "", "", true, open_rapl},
    Backend{"dcgm", "A dcgm-exporter or another Prometheus page of its metrics.", "URL or file",
            "http://localhost:9400/metrics", "ENERGYLENS_DCGM_URL", "", "", "", "", false, open_dcgm},
    Backend{"nvidia-smi", "A log of nvidia-smi --query-gpu=... --format=csv.", "file", "", "", "", "", "", "",
            false, open_nvidia_smi},
    Backend{"replay", "A recording in the trace format (docs/reference/recording.md).", "file", "", "", "",
            "", "", "", false, open_replay},
};
// clang-format on

constexpr bool names_differ() {
  for (std::size_t i = 0; i < kBackends.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (kBackends[i].name == kBackends[j].name) return false;
    }
  }
  return true;
}
static_assert(names_differ());

std::optional<std::string> environment(std::string_view name) {
  if (name.empty()) return std::nullopt;
  const char* value = std::getenv(std::string(name).c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace

std::span<const Backend> backends() {
  return kBackends;
}

const Backend& find_backend(std::string_view name) {
  return find_named(kBackends, name, "meter");
}

OpenOptions options_for(const Backend& backend, const std::string& source) {
  OpenOptions options;
  options.source = source;
  if (options.source.empty()) options.source = environment(backend.variable).value_or("");
  if (options.source.empty()) options.source = std::string(backend.default_source);
  for (const std::string_view variable : {backend.visible_variable, backend.visible_else}) {
    options.visible = environment(variable);
    options.visible_name = variable;
    if (options.visible) break;
  }
  options.visible_first = environment(backend.visible_first_variable);
  options.device_order = environment(backend.order_variable).value_or("");
  return options;
}

}  // namespace energylens::meter
