// SPDX-License-Identifier: Apache-2.0
// What every made library with NVML's functions needs: to be included once, by the file that is the library.
#pragma once
#include <cstring>
#include <string>

#include "meter/nvml_api.hpp"

namespace energylens::meter {

/// A handle is a number above 0: 1 + the GPU.
inline NvmlDevice handle_of(unsigned long number) {
  return reinterpret_cast<NvmlDevice>(number);
}
inline unsigned long number_of(NvmlDevice device) {
  return reinterpret_cast<unsigned long>(device);
}

/// Answers with a text.
inline int answer(const std::string& text, char* out, unsigned size) {
  std::strncpy(out, text.c_str(), size);
  return kNvmlSuccess;
}

}  // namespace energylens::meter

extern "C" {

int nvmlShutdown() {
  return energylens::meter::kNvmlSuccess;
}
const char* nvmlErrorString(int result) {
  return result == energylens::meter::kNvmlGpuIsLost         ? "GPU is lost"
         : result == energylens::meter::kNvmlDriverNotLoaded ? "Driver Not Loaded"
                                                             : "Other";
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, energylens::meter::NvmlDevice* device) {
  *device = energylens::meter::handle_of(1ul + index);
  return energylens::meter::kNvmlSuccess;
}

}  // extern "C"
