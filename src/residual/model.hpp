// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/parametric/model.hpp"
#include "numerics/gaussian_process.hpp"

namespace energylens::residual {

/// How one group corrects the energies of its formula.
struct Correction {
  numerics::Process process;           ///< of ln(measured / formula) of one wave
  std::vector<table::Layout> layouts;  ///< labels of the process: layouts of one replica
  std::size_t left_out = 0;  ///< training rows excluded: too far from the formula or from their neighbours
  std::size_t not_used = 0;  ///< training rows beyond kMostProcessRows; not in a model file
  double widening = 1;       ///< of standard deviations: from the errors of rows left out in turn
};

/// ln of scenario energies together, the noise of rows left out.
struct LogEnergies {
  std::vector<double> mean;        ///< NaN where the formula has no value
  std::vector<double> covariance;  ///< row-major; 0 where the formula has no value
  double noise_variance = 0;       ///< of one row
};

/// A closed form times exp(r), r a Gaussian process over the waves of a row: with few rows it is the form, with many it
/// follows what no smooth formula can, such as the steps of kernels in batch. Energies are corrected: prefill and decode
/// by the factor of their total, so that they add up to it, with intervals as wide as those of the form. Times stay those
/// of the form. Answers everything that the form answers.
class CorrectedModel final : public predictor::Predictor {
 public:
  /// Requires: one correction, or none, for each group of `form`.
  CorrectedModel(std::shared_ptr<const parametric::Model> form,
                 std::vector<std::optional<Correction>> corrections);

  /// "law+residual" or "discovered:power-time+residual".
  std::string_view kind() const override;
  /// Throws what the predict of the form throws.
  predictor::Prediction predict(std::size_t group, const table::Configuration& config) const override;
  std::span<const table::GroupIdentity> groups() const override { return form_->groups(); }
  std::vector<table::Layout> layouts(std::size_t group) const override { return form_->layouts(group); }
  std::vector<double> draw(std::size_t group, std::span<const table::Configuration> configs, std::size_t n,
                           std::uint64_t seed) const override;
  const predictor::Facts* facts(std::size_t group) const override { return form_->facts(group); }
  const predictor::GroupContext* stored_context(std::size_t group) const override {
    return form_->stored_context(group);
  }
  bool states(std::size_t group, predictor::Quantity quantity) const override {
    return form_->states(group, quantity);
  }

  /// The normal distribution of ln(scenario energy) of several configurations, as `draw` draws them but for the noise.
  LogEnergies log_energies(std::size_t group, std::span<const table::Configuration> configs) const;

  const parametric::Model& form() const { return *form_; }
  const std::vector<std::optional<Correction>>& corrections() const { return corrections_; }

  /// The model file: that of the form and the training rows of the process; some hundred bytes a row.
  std::string to_json() const;
  /// Throws Error for text that is truncated, newer than this program, or of another kind.
  static CorrectedModel from_json(std::string_view text, const std::string& file);
  static CorrectedModel from_json(const io::Json& json);

 private:
  std::shared_ptr<const parametric::Model> form_;
  std::vector<std::optional<Correction>> corrections_;
};

}  // namespace energylens::residual
