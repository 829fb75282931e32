// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "energylens/choose/choose.hpp"

namespace energylens::choose {

/// The best configuration of one of several groups (models, quantisations, GPUs, engines) under one question.
struct GroupBest {
  std::size_t index = 0;          ///< of the choice
  int rank = 1;                   ///< by energy per request
  double chance_best = kUnknown;  ///< share of draws in which no other group needs less energy per request
  double gpu_hours_per_1000_requests = kUnknown;
};

/// Ranks the groups that have an accepted configuration by the energy per request of their best one. Draws of different
/// groups are independent; a group without uncertainty has its predicted energy in each of them. The chances are
/// joint: they add up to 1. Whether the answers of the groups are equally good is not judged.
std::vector<GroupBest> across_groups(std::span<const Choice> choices);

}  // namespace energylens::choose
