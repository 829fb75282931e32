// SPDX-License-Identifier: Apache-2.0
#include "meter/nvml_api.hpp"

namespace energylens::meter {

NvmlApi::NvmlApi(const std::string& path) : library_(path) {
  if (!library_) {
    missing_ = library_.problem();
    remedy_ = "install the NVIDIA driver; in a container, start it with the GPUs (--gpus all)";
    return;
  }
  find_functions();
  if (!init_ || !count || !handle_by_index || !name || !uuid || !(energy_mj || power_mw || field_values)) {
    missing_ = path + " lacks functions of NVML";
    remedy_ = "update the NVIDIA driver";
    return;
  }
  const int result = init_();
  initialised_ = result == kNvmlSuccess;
  if (!initialised_) explain(result);
}

NvmlApi::~NvmlApi() {
  if (initialised_ && shutdown_) shutdown_();
}

void NvmlApi::find_functions() {
  library_.find("nvmlInit_v2", init_);
  library_.find("nvmlShutdown", shutdown_);
  library_.find("nvmlErrorString", error_string_);
  library_.find("nvmlDeviceGetCount_v2", count);
  library_.find("nvmlDeviceGetHandleByIndex_v2", handle_by_index);
  library_.find("nvmlDeviceGetName", name);
  library_.find("nvmlDeviceGetUUID", uuid);
  library_.find("nvmlDeviceGetTotalEnergyConsumption", energy_mj);
  library_.find("nvmlDeviceGetPowerUsage", power_mw);
  library_.find("nvmlDeviceGetTemperature", temperature_c);
  library_.find("nvmlDeviceGetFieldValues", field_values);
  library_.find("nvmlDeviceGetMaxMigDeviceCount", slice_count);
  library_.find("nvmlDeviceGetMigDeviceHandleByIndex", slice);
}

void NvmlApi::explain(int result) {
  missing_ = "NVML failed to start: " + error_text(result);
  switch (result) {
    case kNvmlDriverNotLoaded:
      remedy_ = "load the kernel module (modprobe nvidia), or start the container with the GPUs (--gpus all)";
      break;
    case kNvmlNoPermission:
      remedy_ = "give this user access to /dev/nvidia*";
      break;
    case kNvmlVersionMismatch:
      remedy_ = "the driver was updated while loaded: restart the machine";
      break;
    default:
      remedy_ = "see whether nvidia-smi runs";
  }
}

std::string NvmlApi::error_text(int result) const {
  const char* const text = error_string_ ? error_string_(result) : nullptr;
  return text ? text : "error " + std::to_string(result);
}

}  // namespace energylens::meter
