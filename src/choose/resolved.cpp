// SPDX-License-Identifier: Apache-2.0
#include "choose/resolved.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"

namespace energylens::choose {

void shift(predictor::Estimate& estimate, double factor, double offset) {
  estimate = {estimate.value * factor + offset, estimate.lo * factor + offset, estimate.hi * factor + offset};
}

void require(bool holds, const char* message) {
  if (!holds) throw Error::usage(message);
}

void sort_by_energy(std::vector<Resolved>& all) {
  std::ranges::stable_sort(all, [](const Resolved& a, const Resolved& b) {
    const bool a_ok = a.result.rejected.empty(), b_ok = b.result.rejected.empty();
    if (a_ok != b_ok) return a_ok;
    return a_ok && a.result.energy_j < b.result.energy_j;
  });
}

std::vector<Limited> limits_of_means(const Question& question, const predictor::Prediction& p) {
  const Limits& limits = question.limits;
  return {{"TTFT", p.ttft_s, limits.ttft_s, 1e3, "ms"},
          {"TPOT", p.tpot_s, limits.tpot_s, 1e3, "ms"},
          {"power", p.avg_power_w, limits.power_w, 1, "W"}};
}

}  // namespace energylens::choose
