// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "energylens/gp/process.hpp"
#include "energylens/law/model.hpp"

namespace energylens::residual {

/// How one group corrects the energies of its law.
struct Correction {
  gp::Process process;                 ///< of ln(measured / law) of one wave
  std::vector<table::Layout> layouts;  ///< labels of the process: layouts of one replica
  std::size_t left_out = 0;  ///< training rows too far from the law, or from their neighbours, to teach
  double widening = 1;       ///< of standard deviations: what rows left out in turn show of the process
};

/// ln of scenario energies together, the noise of rows left out.
struct LogEnergies {
  std::vector<double> mean;        ///< NaN where the law says nothing
  std::vector<double> covariance;  ///< row-major; 0 where the law says nothing
  double noise_variance = 0;       ///< of one row
};

/// The law times exp(r), r a Gaussian process over the waves of a row: with few rows it is the law, with many
/// it follows what no smooth law can, such as the steps of kernels in batch. Energies are corrected: prefill
/// and decode by the factor of their total, so that they add up to it, with intervals as wide as the law's.
/// Times stay those of the law. Answers all that the law answers.
class Model final : public model::Predictor {
 public:
  /// Requires: one correction, or none, for each group of `law`.
  Model(law::Model law, std::vector<std::optional<Correction>> corrections);

  std::string_view kind() const override { return "law+residual"; }
  /// Throws what law::Model::predict throws.
  model::Prediction predict(std::size_t group, const table::Configuration& config) const override;
  std::span<const table::GroupIdentity> groups() const override { return law_.groups(); }
  std::vector<table::Layout> layouts(std::size_t group) const override { return law_.layouts(group); }
  std::vector<double> draw(std::size_t group, std::span<const table::Configuration> configs, std::size_t n,
                           std::uint64_t seed) const override;

  const model::Facts* facts(std::size_t group) const override { return law_.facts(group); }

  /// The model file: that of the law and the rows that teach the process; some hundred bytes a row.
  std::string to_json() const;
  /// Throws Error for text that is truncated, newer than this program, or of another kind.
  static Model from_json(std::string_view text, const std::string& file);
  static Model from_json(const wire::Json& json);

  /// What is believed of ln(scenario energy) of several configurations, as `draw` draws them but for the
  /// noise.
  LogEnergies log_energies(std::size_t group, std::span<const table::Configuration> configs) const;

  const law::Model& law() const { return law_; }
  const std::vector<std::optional<Correction>>& corrections() const { return corrections_; }

 private:
  law::Model law_;
  std::vector<std::optional<Correction>> corrections_;
};

}  // namespace energylens::residual
