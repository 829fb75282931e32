// SPDX-License-Identifier: Apache-2.0
// Scores of groups together. A group with 800 rows says no more about systems than one with eight, so each row weighs
// one over the rows of its group. Held by evaluate_test.cpp.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "energylens/library/evaluate.hpp"

namespace energylens::library {
namespace {

/// The value below which half of the weight lies.
double weighted_median(std::vector<std::pair<double, double>> values) {
  std::ranges::sort(values);
  double whole = 0, below = 0;
  for (const auto& [value, weight] : values) whole += weight;
  for (const auto& [value, weight] : values) {
    below += weight;
    if (2 * below >= whole) return value;
  }
  return kUnknown;
}

double median_of(const std::vector<double>& values) {
  std::vector<std::pair<double, double>> weighted;
  for (const double value : values) weighted.emplace_back(value, 1);
  return weighted_median(std::move(weighted));
}

Summary summary_of(std::span<const GroupScore> scores, LeftOut what, std::size_t train) {
  Summary out;
  out.left_out = what;
  out.train = train;
  std::vector<std::pair<double, double>> errors;
  std::vector<double> medians;
  double coverage = 0, right = 0, regret = 0;
  for (const GroupScore& score : scores) {
    if (score.left_out != what || score.train != train || score.errors.empty()) continue;
    const auto n = static_cast<double>(score.errors.size());
    for (const double error : score.errors) errors.emplace_back(error, 1 / n);
    medians.push_back(median_of(score.errors));
    coverage += static_cast<double>(std::ranges::count(score.inside, true)) / n;
    out.rows += score.errors.size();
    out.scenarios += score.scenarios;
    right += static_cast<double>(score.right);
    regret += score.regret;
    ++out.groups;
  }
  if (out.groups == 0) return out;
  out.median_error = weighted_median(std::move(errors));
  out.median_of_groups = median_of(medians);
  out.coverage = coverage / static_cast<double>(out.groups);
  if (out.scenarios == 0) return out;
  out.top1 = right / static_cast<double>(out.scenarios);
  out.regret = regret / static_cast<double>(out.scenarios);
  return out;
}

}  // namespace

std::vector<Summary> summarise(std::span<const GroupScore> scores) {
  std::vector<std::pair<LeftOut, std::size_t>> kinds;
  for (const GroupScore& score : scores) {
    const std::pair<LeftOut, std::size_t> kind{score.left_out, score.train};
    if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(kind);
  }
  std::ranges::sort(kinds);
  std::vector<Summary> out;
  for (const auto& [what, train] : kinds) out.push_back(summary_of(scores, what, train));
  return out;
}

}  // namespace energylens::library
