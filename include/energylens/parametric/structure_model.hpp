// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "energylens/predictor/anatomy.hpp"
#include "energylens/predictor/frame.hpp"
#include "energylens/predictor/structure.hpp"

namespace energylens::io {
class Json;
}

namespace energylens::discovered {

/// What is known of the search that found a structure: on which rows the formula was chosen.
struct Provenance {
  std::string problem;  ///< fingerprint of the data of the search
  std::string ended;    ///< why it ended
  std::vector<std::string> groups;
  std::size_t rows = 0;
  std::uint64_t evaluations = 0, seed = 0;
  double complexity = kUnknown, loss = kUnknown, cv_mape = kUnknown;
};

/// The constants of one structure as fitted to one group.
struct TargetFit {
  std::vector<double> constants;   ///< by constant of the structure
  std::vector<double> covariance;  ///< of ln(logarithmic constants) and the others, row-major
  double residual_sd = kUnknown;   ///< of ln(measured / predicted) of whole rows
  double degrees_of_freedom = kUnknown;
  double effective_parameters = kUnknown;
  double mape = kUnknown;  ///< in sample
  std::size_t rows = 0;
};

/// One group of the model.
struct GroupFit : predictor::Frame {
  std::optional<TargetFit> energy, time;
};

/// What a fit hands to Model, and what a model file holds.
struct Content {
  predictor::Structures structures;
  std::optional<Provenance> energy_search, time_search;  ///< none: not from a search of the user
  std::vector<GroupFit> groups;
  double effective_parameters = kUnknown;  ///< of energy, else of time; shared ones counted once
  double flag_capacity_tokens = kUnknown;  ///< --kv-capacity-tokens of the fit
  std::string data_hash;                   ///< of the training rows
  std::uint64_t seed = 0;
  bool pooled = false;
};

/// A formula that was found, with its constants fitted: answers what the law answers, as far as it holds
/// energy and time. Waves, replicas and capacities are applied around the formula as around the law
/// (docs/law.md (2), (3)). Prefill is known where the form of the search had a part of that name.
class Model final : public predictor::Predictor {
 public:
  explicit Model(Content content);
  ~Model() override;
  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;

  std::string_view kind() const override { return "discovered"; }
  /// Throws Error (usage) for a question about isl to a group whose rows had none.
  predictor::Prediction predict(std::size_t group, const table::Configuration& config) const override;
  std::span<const table::GroupIdentity> groups() const override { return identities_; }
  std::vector<double> draw(std::size_t group, std::span<const table::Configuration> configs, std::size_t n,
                           std::uint64_t seed) const override;
  std::vector<table::Layout> layouts(std::size_t group) const override {
    return content_.groups[group].domain.layouts;
  }
  const predictor::Facts* facts(std::size_t group) const override { return &content_.groups[group].facts; }
  double effective_parameters() const override { return content_.effective_parameters; }
  bool states(std::size_t group, predictor::Quantity quantity) const override;

  const Content& content() const { return content_; }

  /// The energy of a configuration that states its KV capacity or has none (Prediction::kv_capacity_tokens),
  /// taken apart. Nothing without a formula of energy, if not one request fits, or if the question cannot be
  /// answered.
  std::optional<predictor::Anatomy> anatomy(std::size_t group, const table::Configuration& config) const;

  /// The model file: formulas as infix and postfix text, where they come from, constants with units, 90 %
  /// intervals and covariance, domain, data hash, seed.
  std::string to_json() const;
  /// Whether energy and time are two views of one set of constants (power times time).
  bool joint() const;
  io::Json json() const;
  /// Throws Error for text that is truncated, newer than this program, or of another kind.
  static Model from_json(std::string_view text, const std::string& file);
  static Model from_json(const io::Json& json);

 private:
  struct Compiled;  // the formulas, ready to be evaluated
  Content content_;
  std::vector<table::GroupIdentity> identities_;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace energylens::discovered
