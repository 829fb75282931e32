// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <string_view>

namespace energylens::predictor {

/// The two measured totals of a row: joules over all GPUs, or seconds.
enum class Metric { energy, time };

inline constexpr std::array kMetrics{Metric::energy, Metric::time};

constexpr std::string_view metric_text(Metric metric) {
  return metric == Metric::energy ? "energy" : "time";
}

}  // namespace energylens::predictor
