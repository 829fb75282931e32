// SPDX-License-Identifier: Apache-2.0
// Held by across_test.cpp against normal distributions.
#include "choose/across.hpp"

#include <algorithm>

#include "predictor/chances.hpp"

namespace energylens::choose {
namespace {

constexpr double kSecondsPerHour = 3600, kRequests = 1000;

/// Draws of all groups next to one another, row-major; empty if no group has any.
std::vector<double> together(std::span<const Choice> choices, std::span<const GroupBest> groups) {
  std::size_t rows = 0;
  for (const GroupBest& one : groups) rows = std::max(rows, choices[one.index].best_draws_j.size());
  std::vector<double> out;
  for (std::size_t r = 0; r < rows; ++r) {
    for (const GroupBest& one : groups) {
      const Choice& choice = choices[one.index];
      const std::vector<double>& draws = choice.best_draws_j;
      out.push_back(draws.empty() ? choice.configurations.front().energy_per_request_j
                                  : draws[r % draws.size()]);
    }
  }
  return out;
}

}  // namespace

std::vector<GroupBest> across_groups(std::span<const Choice> choices) {
  std::vector<GroupBest> out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].accepted == 0) continue;
    const Configuration& best = choices[i].configurations.front();
    GroupBest one;
    one.index = i;
    one.gpu_hours_per_1000_requests = best.layout.gpus() * kRequests / best.throughput_rps / kSecondsPerHour;
    out.push_back(one);
  }
  std::ranges::stable_sort(out, {}, [&](const GroupBest& one) {
    return choices[one.index].configurations.front().energy_per_request_j;
  });
  const std::vector<double> draws = together(choices, out);
  const std::vector<double> chances =
      draws.empty() ? std::vector<double>() : predictor::chances_best(draws, out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].rank = static_cast<int>(i) + 1;
    if (!chances.empty()) out[i].chance_best = chances[i];
  }
  return out;
}

}  // namespace energylens::choose
