// SPDX-License-Identifier: Apache-2.0
// A library with NVML's functions for the tests: GPU i draws (i + 1) times a constant power, its counter
// moves in steps. Set by environment variables, looked up at every call: FAKE_NVML_GPUS (2), _POWER_MW
// (300000), _UPDATE_MS (10), _INIT (result of nvmlInit), _NO_COUNTER, _MODULE (power of the module only),
// _OLD (no fields), _MIG (two slices on GPU 0), _LOST (all GPUs are lost), _NAME, _UNLIKE (GPU 0 has another name),
// _BOTH (power of module and GPU), _CALL_US (0; time that a question
// for energy or power takes of the processor).
#include <time.h>

#include <cstdlib>

#include "meter/made_nvml.hpp"

using namespace energylens::meter;

namespace {

long setting(const char* name, long otherwise) {
  const char* const text = std::getenv((std::string("FAKE_NVML_") + name).c_str());
  return text ? std::atol(text) : otherwise;
}

double now_s() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// A driver that takes its time.
void take_time() {
  const double end_s = now_s() + 1e-6 * static_cast<double>(setting("CALL_US", 0));
  while (now_s() < end_s) {
  }
}

// The handle of a slice is 100 + the slice.
double power_mw(NvmlDevice device) {
  return static_cast<double>(setting("POWER_MW", 300000)) * static_cast<double>(number_of(device));
}

}  // namespace

extern "C" {

int nvmlInit_v2() {
  return static_cast<int>(setting("INIT", kNvmlSuccess));
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = static_cast<unsigned>(setting("GPUS", 2));
  return kNvmlSuccess;
}
int nvmlDeviceGetName(NvmlDevice device, char* name, unsigned size) {
  const char* const stated = std::getenv("FAKE_NVML_NAME");
  const bool is_slow = setting("UNLIKE", 0) && number_of(device) == 1;
  return answer(is_slow ? "Slow GPU" : stated ? stated : "Fake GPU", name, size);
}
int nvmlDeviceGetUUID(NvmlDevice device, char* uuid, unsigned size) {
  const unsigned long number = number_of(device);
  return answer(
      number >= 100 ? "MIG-slice-" + std::to_string(number - 100) : "GPU-fake-" + std::to_string(number - 1),
      uuid, size);
}
int nvmlDeviceGetMaxMigDeviceCount(NvmlDevice device, unsigned* count) {
  *count = setting("MIG", 0) && number_of(device) == 1 ? 2 : 0;
  return kNvmlSuccess;
}
int nvmlDeviceGetMigDeviceHandleByIndex(NvmlDevice, unsigned index, NvmlDevice* slice) {
  *slice = handle_of(100ul + index);
  return kNvmlSuccess;
}
int nvmlDeviceGetTotalEnergyConsumption(NvmlDevice device, unsigned long long* energy_mj) {
  take_time();
  if (setting("LOST", 0)) return kNvmlGpuIsLost;
  if (setting("NO_COUNTER", 0)) return kNvmlNotSupported;
  const double update_s = 1e-3 * static_cast<double>(setting("UPDATE_MS", 10));
  const double stepped_s = update_s * static_cast<double>(static_cast<long long>(now_s() / update_s));
  *energy_mj = static_cast<unsigned long long>(power_mw(device) * stepped_s);
  return kNvmlSuccess;
}
int nvmlDeviceGetPowerUsage(NvmlDevice device, unsigned* power) {
  take_time();
  if (setting("LOST", 0)) return kNvmlGpuIsLost;
  if (setting("MODULE", 0)) return kNvmlNotSupported;
  *power = static_cast<unsigned>(power_mw(device));
  return kNvmlSuccess;
}
int nvmlDeviceGetTemperature(NvmlDevice device, int sensor, unsigned* celsius) {
  *celsius = 40 + static_cast<unsigned>(number_of(device));
  return sensor == 0 ? kNvmlSuccess : kNvmlNotSupported;
}
int nvmlDeviceGetFieldValues(NvmlDevice device, int count, NvmlFieldValue* values) {
  take_time();
  if (setting("LOST", 0)) return kNvmlGpuIsLost;
  for (int i = 0; i < count; ++i) {
    const bool of_scope = (values[i].scope == kNvmlScopeModule) == (setting("MODULE", 0) != 0);
    const bool there = !setting("OLD", 0) && (of_scope || setting("BOTH", 0));
    values[i].result = there ? kNvmlSuccess : kNvmlNotSupported;
    values[i].value_type = 1;
    values[i].value.whole = static_cast<unsigned>(power_mw(device));
  }
  return kNvmlSuccess;
}

}  // extern "C"
