// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "energylens/io/json.hpp"
#include "explain/account.hpp"
#include "plot/chart.hpp"

namespace energylens::cli {

/// One configuration with what its energy and time consist of.
struct Explained {
  table::Configuration config;
  predictor::Prediction prediction;
  std::optional<explain::Account> energy, time;
};

/// What one per cent more power limit does, in per cent; unknown numbers if it is not known how the GPU follows it.
struct CapElasticity {
  double at_w = kUnknown, energy = kUnknown, time = kUnknown;
};

/// The answer of `explain`.
struct Explanation {
  Explained asked;
  std::optional<Explained> versus;
  std::vector<explain::Elasticity> elasticities;
  CapElasticity cap;
  std::vector<explain::Yardstick> yardsticks;
};

std::string explanation_text(const Explanation& explanation);
io::Json explanation_json(const Explanation& explanation);
/// One row per part: metric, part, phase, value, share.
io::Json explanation_rows(const Explanation& explanation);
/// The waterfall: one bar per part, each beginning where the one before ends.
plot::Chart explanation_chart(const Explanation& explanation, const std::string& title);

}  // namespace energylens::cli
