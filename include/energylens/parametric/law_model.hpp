// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "energylens/parametric/model.hpp"
#include "energylens/parametric/parameters.hpp"

namespace energylens::parametric {

/// One parameter as fitted.
struct ParameterFit {
  double value = kUnknown;
  double lo = kUnknown, hi = kUnknown;  ///< 90 % interval
  bool determined = false;              ///< by the data, not by the prior
};

/// A fitted group that contributes to a prior, and how its parameters were scaled to the target: docs/method/transfer.md (14).
struct PriorSource {
  std::string group;                 ///< description
  Parameters ratios{};               ///< target over source by specifications, by parameter; 1 = kept
  std::vector<std::string> unknown;  ///< unknown specifications: their ratio is 1 and the prior is wider
};

/// The prior of a parameter set that comes from other groups.
struct Prior {
  double weight =
      kUnknown;  ///< 1: the target differs from its sources as public groups do from each other; 0: no prior
  std::vector<PriorSource> sources;
};

/// The law as fitted to one metric, energy (J) or time (s), of one group.
struct LawFit : TargetFit {
  Parameters parameters;
  std::vector<ParameterFit> intervals;                 ///< by parameter
  double prefill_sd = kUnknown, decode_sd = kUnknown;  ///< of phases measured separately; unknown if none was
  std::optional<Prior> prior;                          ///< fits with sources only
};

/// The law of one group.
struct GroupLaw : predictor::GroupContext {
  /// KV capacities fitted to the training rows (law:fitted-capacity), tokens by layout; empty: known ones are used.
  predictor::LayoutCapacities fitted_capacity;
  double capacity_factor = 1;  ///< fitted over estimated capacity, for layouts without training rows
  std::optional<LawFit> energy, time;
  std::vector<std::string> warnings;
};

/// The terms that act in a group.
inline Form form_of(const predictor::GroupContext& group) {
  return group.serving ? Form::server : Form::job;
}

/// The content of a LawModel and of its file.
struct LawContent : FitRecord {
  std::vector<GroupLaw> laws;
};

/// The twelve-parameter law, fitted to one or many groups.
class LawModel final : public Model {
 public:
  explicit LawModel(LawContent content);

  std::string_view kind() const override { return "law"; }
  bool states(std::size_t group, predictor::Quantity quantity) const override;

  const FitRecord& record() const override { return content_; }
  const predictor::GroupContext& context(std::size_t group) const override { return content_.laws[group]; }
  const LawFit* fit(std::size_t group, Metric metric) const override;
  std::vector<FittedParameter> parameters(std::size_t group, Metric metric) const override;
  expr::Expr formula(std::size_t group, Metric metric) const override;
  std::optional<predictor::Breakdown> breakdown(std::size_t group,
                                                const table::Configuration& config) const override;
  std::span<const std::string> warnings(std::size_t group) const override {
    return content_.laws[group].warnings;
  }
  predictor::CapacityRules capacity_rules(std::size_t group, const table::Layout& layout) const override;

  const std::vector<GroupLaw>& laws() const { return content_.laws; }

  io::Json json() const override;
  /// Throws Error for text that is truncated, newer than this program, or of another kind.
  static LawModel from_json(std::string_view text, const std::string& file);
  static LawModel from_json(const io::Json& json);

 private:
  predictor::GroupContext& mutable_context(std::size_t group) override { return content_.laws[group]; }
  void predict_metrics(std::size_t group, const table::Configuration& config,
                       predictor::Prediction& out) const override;
  Energies energies_of(std::size_t group, std::span<const table::Configuration> configs) const override;
  std::vector<double> energy_coordinates(std::size_t group) const override;

  LawContent content_;
};

}  // namespace energylens::parametric
