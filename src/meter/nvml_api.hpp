// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "core/shared_library.hpp"

namespace energylens::meter {

// What we use of NVIDIA's management library, by its documented binary interface.

enum NvmlReturn : int {
  kNvmlSuccess = 0,
  kNvmlNotSupported = 3,
  kNvmlNoPermission = 4,
  kNvmlDriverNotLoaded = 9,
  kNvmlGpuIsLost = 15,
  kNvmlVersionMismatch = 18,
};
using NvmlDevice = void*;

/// Fields of nvmlDeviceGetFieldValues, in milliwatts, and what they may cover.
constexpr unsigned kNvmlPowerAverage = 185, kNvmlPowerInstant = 186;
constexpr int kNvmlSensorOfGpu = 0;
constexpr unsigned kNvmlScopeGpu = 0, kNvmlScopeModule = 1;

struct NvmlFieldValue {
  unsigned field = 0, scope = 0;
  std::int64_t time_us = 0, latency_us = 0;
  int value_type = 0;
  int result = kNvmlNotSupported;
  union {
    double number;
    unsigned whole;
    unsigned long long long_whole;
  } value{};
};
static_assert(sizeof(NvmlFieldValue) == 40);

/// The library, initialised; shut down at the end.
class NvmlApi {
 public:
  explicit NvmlApi(const std::string& path);
  NvmlApi(const NvmlApi&) = delete;
  NvmlApi& operator=(const NvmlApi&) = delete;
  ~NvmlApi();

  bool usable() const { return missing_.empty(); }
  const std::string& missing() const { return missing_; }
  const std::string& remedy() const { return remedy_; }
  std::string error_text(int result) const;

  // Those below may be null in old drivers.
  int (*count)(unsigned*) = nullptr;
  int (*handle_by_index)(unsigned, NvmlDevice*) = nullptr;
  int (*name)(NvmlDevice, char*, unsigned) = nullptr;
  int (*uuid)(NvmlDevice, char*, unsigned) = nullptr;
  int (*energy_mj)(NvmlDevice, unsigned long long*) = nullptr;
  int (*power_mw)(NvmlDevice, unsigned*) = nullptr;
  int (*temperature_c)(NvmlDevice, int sensor, unsigned*) = nullptr;
  int (*field_values)(NvmlDevice, int, NvmlFieldValue*) = nullptr;
  int (*slice_count)(NvmlDevice, unsigned*) = nullptr;
  int (*slice)(NvmlDevice, unsigned, NvmlDevice*) = nullptr;

 private:
  void find_functions();
  void explain(int result);

  SharedLibrary library_;
  int (*init_)() = nullptr;
  int (*shutdown_)() = nullptr;
  const char* (*error_string_)(int) = nullptr;
  std::string missing_, remedy_;
  bool initialised_ = false;
};

}  // namespace energylens::meter
