// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "energylens/numerics/gaussian_process.hpp"
#include "energylens/predictor/anatomy.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::residual {

/// How sure the numbers of a formula of one group's energies are.
struct Doubt {
  std::span<const double> covariance;  ///< of what Anatomy::log_gradient is taken against, row-major
  double degrees_of_freedom = kUnknown, effective_parameters = kUnknown;
};

/// What a correction must know of the formula that it corrects. Immutable; safe from any thread.
class Formula {
 public:
  virtual ~Formula() = default;
  virtual const predictor::Predictor& predictor() const = 0;
  /// The energy of a configuration whose capacity is settled, taken apart; nothing where the formula says
  /// nothing.
  virtual std::optional<predictor::Anatomy> anatomy(std::size_t group,
                                                    const table::Configuration& config) const = 0;
  /// Nothing for a group without a formula of energy. The covariance lives as long as the formula.
  virtual std::optional<Doubt> doubt(std::size_t group) const = 0;
};

/// How one group corrects the energies of its formula.
struct Correction {
  numerics::Process process;           ///< of ln(measured / formula) of one wave
  std::vector<table::Layout> layouts;  ///< labels of the process: layouts of one replica
  std::size_t left_out = 0;  ///< training rows too far from the formula, or from their neighbours, to teach
  double widening = 1;       ///< of standard deviations: what rows left out in turn show of the process
};

/// ln of scenario energies together, the noise of rows left out.
struct LogEnergies {
  std::vector<double> mean;        ///< NaN where the formula says nothing
  std::vector<double> covariance;  ///< row-major; 0 where the formula says nothing
  double noise_variance = 0;       ///< of one row
};

/// A formula times exp(r), r a Gaussian process over the waves of a row: with few rows it is the formula,
/// with many it follows what no smooth formula can, such as the steps of kernels in batch. Energies are
/// corrected: prefill and decode by the factor of their total, so that they add up to it, with intervals as
/// wide as the formula's. Times stay those of the formula. Answers all that the formula answers.
class Corrected : public predictor::Predictor {
 public:
  /// Requires: `kind` outlives the object; one correction, or none, for each group of `formula`.
  Corrected(std::string_view kind, std::shared_ptr<const Formula> formula,
            std::vector<std::optional<Correction>> corrections);

  std::string_view kind() const override { return kind_; }
  /// Throws what the formula's predict throws.
  predictor::Prediction predict(std::size_t group, const table::Configuration& config) const override;
  std::span<const table::GroupIdentity> groups() const override { return formula_->predictor().groups(); }
  std::vector<table::Layout> layouts(std::size_t group) const override {
    return formula_->predictor().layouts(group);
  }
  std::vector<double> draw(std::size_t group, std::span<const table::Configuration> configs, std::size_t n,
                           std::uint64_t seed) const override;
  const predictor::Facts* facts(std::size_t group) const override {
    return formula_->predictor().facts(group);
  }
  bool states(std::size_t group, predictor::Quantity quantity) const override {
    return formula_->predictor().states(group, quantity);
  }

  /// What is believed of ln(scenario energy) of several configurations, as `draw` draws them but for the
  /// noise.
  LogEnergies log_energies(std::size_t group, std::span<const table::Configuration> configs) const;

  const std::vector<std::optional<Correction>>& corrections() const { return corrections_; }

 private:
  std::string_view kind_;
  std::shared_ptr<const Formula> formula_;
  std::vector<std::optional<Correction>> corrections_;
};

}  // namespace energylens::residual
