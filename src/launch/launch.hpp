// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "energylens/core/number_text.hpp"
#include "energylens/table/row.hpp"

namespace energylens::launch {

/// What is to be started.
struct Deployment {
  std::string model;       ///< name or folder that the engine loads
  std::string engine;      ///< of the measured rows; decides what Kubernetes and Slurm start
  std::string gpu_vendor;  ///< "NVIDIA", "AMD", ...; decides how a power limit is set
  table::Layout layout;
  double in_flight = kUnknown;  ///< requests in flight over all replicas; unknown: the engine's default
  double gpu_memory_utilization = kUnknown;  ///< unknown: the engine's default
  double power_limit_w = kUnknown;           ///< of each GPU; unknown: not set
};

/// The names that `text` takes: vllm, sglang, trtllm, k8s, slurm.
std::span<const std::string_view> targets();

/// The shell commands, manifest or batch script that starts the deployment, with comments that say what it leaves to the
/// reader. Flags of tensor and pipeline parallelism, batch and memory are from the documentation of the engines; those of data and
/// expert parallelism in vLLM, the settings file of TensorRT-LLM, the images and the power commands are from memory. Throws Error (usage) for an
/// unknown target, or an engine that none of them is.
std::string text(std::string_view target, const Deployment& deployment);

}  // namespace energylens::launch
