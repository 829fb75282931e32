// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/meter/meter.hpp"

namespace energylens::meter {

// One file each.
Opened open_nvml(const OpenOptions& options);
Opened open_rocm(const OpenOptions& options);
Opened open_intel(const OpenOptions& options);
Opened open_rapl(const OpenOptions& options);
Opened open_dcgm(const OpenOptions& options);
Opened open_nvidia_smi(const OpenOptions& options);
Opened open_replay(const OpenOptions& options);

}  // namespace energylens::meter
