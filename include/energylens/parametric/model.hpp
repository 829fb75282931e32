// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/expr/expr.hpp"
#include "energylens/predictor/breakdown.hpp"
#include "energylens/predictor/group_context.hpp"
#include "energylens/predictor/metric.hpp"

namespace energylens::io {
class Json;
}

namespace energylens::parametric {

using predictor::Domain;
using predictor::Metric;
using predictor::Range;

/// Residuals of one layout: mean and standard deviation of ln(measured / predicted).
struct LayoutResidual {
  table::Layout layout;
  std::size_t rows = 0;
  double bias = 0, sd = 0;
};

/// A place where a measured curve falls although the law rises.
struct Fall {
  table::Layout layout;
  std::string axis;                   ///< batch | isl | osl
  double from = 0, to = 0, drop = 0;  ///< drop as a fraction of the energy at `from`
};

/// What a fit of a closed form to one metric of one group reports; the same for any form.
struct TargetFit {
  std::vector<double> covariance;  ///< of ln(positive numbers) and the others, row-major
  double residual_sd = kUnknown;   ///< of ln(measured / predicted) of whole rows, from their 90 % quantile
  double mape = kUnknown;          ///< in sample
  std::size_t rows = 0;
  double degrees_of_freedom = kUnknown;  ///< rows - effective parameters
  double effective_parameters = kUnknown;

  // What only fits of the law report.
  int rank = 0;                           ///< combinations of parameters the data determine
  std::vector<std::string> undetermined;  ///< sentences: what these rows do not determine
  std::string termination;                ///< how the solver stopped
  std::vector<LayoutResidual> by_layout;
  std::vector<Fall> falls;
};

/// One fitted number with its 90 % interval.
struct FittedParameter {
  std::string name, unit;  ///< unit "1": a pure number
  double value = kUnknown, lo = kUnknown, hi = kUnknown;
  std::optional<bool>
      determined;       ///< by the data, not by the prior; nothing where the fit does not assess it
  std::string meaning;  ///< one sentence; "" for constants of a formula that was searched for
};

/// How a model was made; every model file holds it.
struct FitRecord {
  double effective_parameters = kUnknown;  ///< shared ones counted once
  double flag_capacity_tokens = kUnknown;  ///< --kv-capacity-tokens of the fit
  std::string data_hash;                   ///< of the training rows, hexadecimal
  std::uint64_t seed = 0;
  bool pooled = false;
};

/// A closed form of one wave on one replica with fitted numbers, for energy, time or both. Waves, replicas and KV
/// capacities are applied around it in the same way for every form: docs/method/law.md (2), (3). There are two: the
/// twelve-parameter law (LawModel) and formulas that were found or written down (StructureModel).
class Model : public predictor::Predictor {
 public:
  /// Throws Error (usage) for a question about isl to a group whose rows had none.
  predictor::Prediction predict(std::size_t group, const table::Configuration& config) const final;
  std::vector<double> draw(std::size_t group, std::span<const table::Configuration> configs, std::size_t n,
                           std::uint64_t seed) const final;
  std::span<const table::GroupIdentity> groups() const final { return identities_; }
  std::vector<table::Layout> layouts(std::size_t group) const final { return context(group).domain.layouts; }
  const predictor::Facts* facts(std::size_t group) const final { return &context(group).facts; }
  const predictor::GroupContext* stored_context(std::size_t group) const final { return &context(group); }
  double effective_parameters() const final { return record().effective_parameters; }
  /// Stores the verdict of an assessment with the model. Call it before the model is shared.
  void set_verdict(std::size_t group, predictor::Verdict verdict) {
    mutable_context(group).verdict = std::move(verdict);
  }

  virtual const FitRecord& record() const = 0;
  virtual const predictor::GroupContext& context(std::size_t group) const = 0;
  /// nullptr if the group has no fit of this metric.
  virtual const TargetFit* fit(std::size_t group, Metric metric) const = 0;
  /// The fitted numbers in the order of the covariance. Requires: fit(group, metric).
  virtual std::vector<FittedParameter> parameters(std::size_t group, Metric metric) const = 0;
  /// One wave on one replica, over the parameters. Requires: fit(group, metric).
  virtual expr::Expr formula(std::size_t group, Metric metric) const = 0;
  /// The energy of a configuration that states its KV capacity or has none (Prediction::kv_capacity_tokens), term by
  /// term. Nothing without a fit of energy, if not one request fits, or if the load lacks what the form needs.
  virtual std::optional<predictor::Breakdown> breakdown(std::size_t group,
                                                        const table::Configuration& config) const = 0;
  virtual std::span<const std::string> warnings(std::size_t) const { return {}; }
  /// What decides the KV capacity of a layout of the group. The model must outlive the rules.
  virtual predictor::CapacityRules capacity_rules(std::size_t group, const table::Layout& layout) const;

  /// The model file: formula text, parameters with units, 90 % intervals and covariance, domain, data hash, seed.
  virtual io::Json json() const = 0;
  std::string to_json() const;

 protected:
  virtual predictor::GroupContext& mutable_context(std::size_t group) = 0;
  explicit Model(std::vector<table::GroupIdentity> identities) : identities_(std::move(identities)) {}
  Model(const Model&) = default;
  Model(Model&&) = default;
  Model& operator=(const Model&) = default;
  Model& operator=(Model&&) = default;

  /// Energies and times of a configuration whose capacity is resolved and that the form can answer.
  virtual void predict_metrics(std::size_t group, const table::Configuration& config,
                               predictor::Prediction& out) const = 0;

  /// Joules of some rows, all evaluated at once, as a function of the coordinates of the parameters.
  using Energies = std::function<std::vector<double>(std::span<const double> coordinates)>;
  /// Requires: fit(group, Metric::energy); `configs` as for predict_metrics.
  virtual Energies energies_of(std::size_t group, std::span<const table::Configuration> configs) const = 0;
  /// The fitted coordinates, which the covariance is of: ln of positive numbers, and the others.
  virtual std::vector<double> energy_coordinates(std::size_t group) const = 0;

 private:
  table::Configuration resolve(std::size_t group, const table::Configuration& config,
                               predictor::Prediction& out) const;

  std::vector<table::GroupIdentity> identities_;
};

/// Reads a model file of either form. Throws Error for JSON of another kind or version.
std::unique_ptr<Model> model_from_json(const io::Json& json);

}  // namespace energylens::parametric
