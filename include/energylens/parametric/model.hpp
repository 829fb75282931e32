// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "energylens/parametric/parameters.hpp"
#include "energylens/predictor/frame.hpp"

namespace energylens::io {
class Json;
}

namespace energylens::law {

using predictor::Domain;
using predictor::Range;

/// One parameter as fitted.
struct ParameterFit {
  double value = kUnknown;
  double lo = kUnknown, hi = kUnknown;  ///< 90 % interval
  bool determined = false;              ///< the data, not the prior, fix it
};

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

/// A fitted group that a prior comes from, and how its parameters were moved to the target: docs/transfer.md (14).
struct PriorSource {
  std::string group;    ///< for people
  Parameters ratios{};  ///< target over source by specifications, by parameter; 1 = kept
  std::vector<std::string>
      unknown;  ///< specifications that are not known: their ratio is 1 and the belief wider
};

/// What a parameter set took from other groups.
struct Prior {
  double weight =
      kUnknown;  ///< 1: the target is as like its sources as public groups are to one another; 0: no prior
  std::vector<PriorSource> sources;
};

/// One fitted parameter set: energy (J) or time (s).
struct TargetFit {
  Parameters parameters;
  std::vector<ParameterFit> intervals;  ///< by parameter
  std::vector<double> covariance;       ///< of ln(positive numbers) and the others, row-major 12 x 12
  double residual_sd = kUnknown;  ///< of ln(measured / predicted) of whole rows, from their 90 % quantile
  double prefill_sd = kUnknown, decode_sd = kUnknown;  ///< of phases measured apart; unknown if none was
  double mape = kUnknown;                              ///< in sample
  std::size_t rows = 0;
  double degrees_of_freedom = kUnknown;  ///< rows - effective parameters
  double effective_parameters = kUnknown;
  int rank = 0;                           ///< combinations of parameters the data determine
  std::vector<std::string> undetermined;  ///< sentences: what these rows do not tell
  std::string termination;                ///< how the solver stopped
  std::vector<LayoutResidual> by_layout;
  std::vector<Fall> falls;
  std::optional<Prior> prior;  ///< fits with sources only
};

/// The law of one group.
struct GroupLaw : predictor::Frame {
  /// KV capacities read from the training rows (law:fitted-capacity), tokens by layout; empty: known ones are used.
  predictor::LayoutCapacities fitted_capacity;
  double capacity_factor = 1;  ///< fitted over estimated capacity, for layouts without training rows
  std::optional<TargetFit> energy, time;
  std::vector<std::string> warnings;
};

/// What a fit hands to Model, and what a model file holds.
struct ModelContent {
  std::vector<GroupLaw> laws;
  double effective_parameters = kUnknown;  ///< shared ones counted once
  double flag_capacity_tokens = kUnknown;  ///< --kv-capacity-tokens of the fit
  std::string data_hash;                   ///< of the training rows, hexadecimal
  std::uint64_t seed = 0;
  bool pooled = false;
};

/// The law, fitted to one or many groups: a predictor and the content of a model file.
class Model final : public predictor::Predictor {
 public:
  explicit Model(ModelContent content);

  std::string_view kind() const override { return "law"; }
  /// Throws Error (usage) for a question about isl to a group whose rows had none.
  predictor::Prediction predict(std::size_t group, const table::Configuration& config) const override;
  std::span<const table::GroupIdentity> groups() const override { return identities_; }
  std::vector<double> draw(std::size_t group, std::span<const table::Configuration> configs, std::size_t n,
                           std::uint64_t seed) const override;
  std::vector<table::Layout> layouts(std::size_t group) const override {
    return content_.laws[group].domain.layouts;
  }
  const predictor::Facts* facts(std::size_t group) const override { return &content_.laws[group].facts; }
  double effective_parameters() const override { return content_.effective_parameters; }
  bool states(std::size_t group, predictor::Quantity quantity) const override;

  const std::vector<GroupLaw>& laws() const { return content_.laws; }
  const std::string& data_hash() const { return content_.data_hash; }
  std::uint64_t seed() const { return content_.seed; }
  bool pooled() const { return content_.pooled; }

  /// Readable JSON with schema version, formula text, parameters with units and covariance, domain, data hash, seed.
  std::string to_json() const;
  /// Throws Error for text that is truncated, newer than this program, or of another kind.
  static Model from_json(std::string_view text, const std::string& file);
  /// The same as a part of another file.
  io::Json json() const;
  static Model from_json(const io::Json& json);

 private:
  ModelContent content_;
  std::vector<table::GroupIdentity> identities_;
};

}  // namespace energylens::law
