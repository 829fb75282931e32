// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <compare>
#include <string_view>
#include <vector>

#include "baseline/baselines.hpp"

namespace energylens::baseline {

/// The common part of all baselines: a name and the groups they were fitted to.
class Baseline : public predictor::Predictor {
 public:
  std::string_view kind() const final { return kind_; }
  std::span<const table::GroupIdentity> groups() const final { return identities_; }

 protected:
  /// Requires: `kind` outlives the predictor.
  Baseline(std::string_view kind, const predictor::TrainingData& data);

 private:
  std::string_view kind_;
  std::vector<table::GroupIdentity> identities_;
};

/// A baseline that picks and predicts nothing.
class Rule : public Baseline {
 public:
  using Baseline::Baseline;
  predictor::Prediction predict(std::size_t, const table::Configuration&) const final { return {}; }
};

/// A baseline that predicts a scenario energy.
class EnergyBaseline : public Baseline {
 public:
  using Baseline::Baseline;
  predictor::Prediction predict(std::size_t group, const table::Configuration& config) const final;

 private:
  /// J of the job or J per output token; unknown if the baseline cannot predict it.
  virtual double scenario_energy_j(std::size_t group, const table::Configuration& config) const = 0;
  /// The same with its interval; unknown edges unless a baseline states them.
  virtual predictor::Estimate scenario_estimate(std::size_t group, const table::Configuration& config) const {
    return {scenario_energy_j(group, config), kUnknown, kUnknown};
  }
};

/// One training row as a baseline sees it.
struct Sample {
  std::size_t group = 0;  ///< index into the training data
  table::Configuration config;
  double energy_j = kUnknown;  ///< scenario energy, > 0
};

/// The usable training rows of group `index`, in an order that depends on their values only.
std::vector<Sample> samples(const predictor::TrainingData& data, std::size_t index);
/// Those of all groups.
std::vector<Sample> samples(const predictor::TrainingData& data);

inline const hardware::Catalogue& catalogue_of(const predictor::FitOptions& options) {
  return options.catalogue ? *options.catalogue : hardware::Catalogue::builtin();
}

/// A per-layout formula is fitted for each of these. A group may have both kinds of rows, with energies of
/// different units.
struct LayoutKind {
  table::RowKind kind;
  table::Layout layout;
  friend auto operator<=>(const LayoutKind&, const LayoutKind&) = default;
};
inline LayoutKind layout_kind(const table::Configuration& config) {
  return {config.load.kind, config.layout};
}

}  // namespace energylens::baseline
