// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>

#include "cli/cost.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {

/// What `choose` states in kWh, money and carbon.
struct CostQuestion {
  CostFlags flags;
  std::string baseline;  ///< the layout that serves today; "": none

  bool asked() const { return flags.prices.any() || !baseline.empty(); }
};

/// The bill of a configuration per million output tokens, and per day of the load (null for a job).
io::Json configuration_cost_json(const choose::Configuration& one, const choose::Question& question,
                                 const cost::Prices& prices);

/// What the best configuration saves against the baseline; null without one. Throws Error (usage) for a baseline that
/// is not among the configurations.
io::Json baseline_json(const choose::Choice& choice, const choose::Question& question,
                       const CostQuestion& asked);

/// A table of the first `shown` configurations, that of least cost, and the comparison with the baseline.
std::string cost_text(const choose::Choice& choice, const choose::Question& question,
                      const CostQuestion& asked, std::size_t shown);

}  // namespace energylens::cli
