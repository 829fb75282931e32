// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "launch/engines.hpp"

namespace energylens::launch {

/// Commands of a shell: the settings file, the power limit and the engine.
std::string shell_text(const Deployment& deployment, const Command& command);
/// A Deployment of Kubernetes with a pod per replica, and its Service.
std::string kubernetes_text(const Deployment& deployment, const Command& command);
/// A batch script of Slurm with an array task per replica.
std::string slurm_text(const Deployment& deployment, const Command& command);

}  // namespace energylens::launch
