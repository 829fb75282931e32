// SPDX-License-Identifier: Apache-2.0
// The table of targets: an engine by itself, or a manager of jobs around the engine of the rows. Held by launch_test.cpp.
#include "launch/launch.hpp"

#include <algorithm>
#include <array>

#include "core/named_table.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "launch/manifests.hpp"

namespace energylens::launch {
namespace {

constexpr std::array<std::string_view, 5> kTargets = {"vllm", "sglang", "trtllm", "k8s", "slurm"};

const Engine* engine_of_target(std::string_view target) {
  const auto found = std::ranges::find(engines(), target, &Engine::target);
  return found == engines().end() ? nullptr : &*found;
}

const Engine& engine_of_rows(std::string_view target, const std::string& name) {
  const std::string lower = lower_case(name);
  for (const Engine& engine : engines()) {
    if (lower.find(engine.name) != std::string::npos || lower.find(engine.target) != std::string::npos)
      return engine;
  }
  throw Error::usage("the rows are of the engine \"" + name + "\", which " + std::string(target) +
                     " cannot start; use vllm, sglang or trtllm");
}

}  // namespace

std::span<const std::string_view> targets() {
  return kTargets;
}

std::string text(std::string_view target, const Deployment& deployment) {
  choose_named(kTargets, target, "target");
  if (const Engine* const engine = engine_of_target(target))
    return shell_text(deployment, engine->command(deployment, true));
  const Command command = engine_of_rows(target, deployment.engine).command(deployment, false);
  return target == "k8s" ? kubernetes_text(deployment, command) : slurm_text(deployment, command);
}

}  // namespace energylens::launch
