// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "energylens/parametric/model.hpp"

namespace energylens::explain {

using predictor::Metric;

/// One part of the energy or time of a configuration.
struct Part {
  std::string name;     ///< "weights", "cache", ...; "correction" of a model with residuals; "power_limit"
  std::string meaning;  ///< one sentence, or the addend of a found formula as text
  bool prefill = false;
  double value = 0;  ///< J over all GPUs, or s
};

/// The prediction of one metric, part by part. The parts add up to the total.
struct Account {
  Metric metric = Metric::energy;
  double total = kUnknown;
  std::vector<Part> parts;
};

/// The closed form of a predictor; nullptr for rules and learners, which have no parts.
const parametric::Model* form_of(const predictor::Predictor& predictor);

/// The parts of `prediction`, which is that of the predictor for `config`. Nothing where it has no value of the metric.
/// Requires: form_of(predictor).
std::optional<Account> account_of(const predictor::Predictor& predictor, std::size_t group,
                                  const table::Configuration& config, const predictor::Prediction& prediction,
                                  Metric metric);

/// Adds what changed the total to `total` after the parts were computed.
void add_part(Account& account, const std::string& name, const std::string& meaning, double total);

/// What one per cent more of an input does, in per cent of the metric. Half of it is taken on each side. Lengths and
/// degrees change within the waves as they are; a larger batch may begin another wave.
struct Elasticity {
  std::string input;  ///< isl, osl, batch, tp or pp
  double energy = kUnknown, time = kUnknown;
};
std::vector<Elasticity> elasticities(const predictor::Predictor& predictor, std::size_t group,
                                     const table::Configuration& config,
                                     const predictor::Prediction& prediction);

/// A fitted parameter of the law next to what published figures of the GPU give for the same work at full use.
struct Yardstick {
  Metric metric = Metric::energy;
  std::string parameter, unit;
  double value = kUnknown;
  std::string per;               ///< "FLOP" or "byte"
  double amount = kUnknown;      ///< how many of them the parameter stands for
  double fitted_per = kUnknown;  ///< J or s for each of them as fitted
  double chip_per = kUnknown;    ///< by the GPU: power limit or 1 over its peak
  double ratio() const { return fitted_per / chip_per; }
};
/// Those with known figures; none for found formulas.
std::vector<Yardstick> yardsticks(const parametric::Model& model, std::size_t group);

}  // namespace energylens::explain
