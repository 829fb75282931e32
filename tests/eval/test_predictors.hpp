// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>

#include "energylens/core/error.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::eval {

/// A predictor whose energy is a function of the configuration.
class Formula : public predictor::Predictor {
 public:
  using Function = std::function<double(const table::Configuration&)>;
  Formula(Function function, const predictor::TrainingData& data) : function_(std::move(function)) {
    for (const predictor::TrainingGroup& group : data) identities_.push_back(group.group->identity);
  }
  std::string_view kind() const override { return "formula"; }
  std::span<const table::GroupIdentity> groups() const override { return identities_; }
  predictor::Prediction predict(std::size_t, const table::Configuration& config) const override {
    predictor::Prediction prediction;
    predictor::Estimate& energy = config.load.kind == table::RowKind::job ? prediction.total_energy_j
                                                                          : prediction.energy_per_out_token_j;
    energy.value = function_(config);
    return prediction;
  }
  double effective_parameters() const override { return 3; }

 private:
  Function function_;
  std::vector<table::GroupIdentity> identities_;
};

/// J of a job in the groups of these tests: what `truthful` predicts.
inline double true_energy(const table::Configuration& config) {
  return config.load.osl * (config.layout.tp + config.load.batch * (9 - config.layout.tp) / 5.0);
}

inline std::unique_ptr<predictor::Predictor> fit_truthful(const predictor::TrainingData& data,
                                                          const predictor::FitOptions&) {
  return std::make_unique<Formula>(true_energy, data);
}
/// Ten percent too much for tp8, right otherwise.
inline std::unique_ptr<predictor::Predictor> fit_biased(const predictor::TrainingData& data,
                                                        const predictor::FitOptions&) {
  return std::make_unique<Formula>(
      [](const table::Configuration& config) {
        return true_energy(config) * (config.layout.tp == 8 ? 1.1 : 1);
      },
      data);
}
/// Depends on how many rows it was given and on the seed.
inline std::unique_ptr<predictor::Predictor> fit_noisy(const predictor::TrainingData& data,
                                                       const predictor::FitOptions& options) {
  const double factor = 1 + 0.01 * static_cast<double>(data[0].rows[0] % 7 + options.seed % 3);
  return std::make_unique<Formula>(
      [factor](const table::Configuration& config) {
        return true_energy(config) * (config.layout.tp == 8 ? factor : 1);
      },
      data);
}
inline std::unique_ptr<predictor::Predictor> fit_silent(const predictor::TrainingData& data,
                                                        const predictor::FitOptions&) {
  return std::make_unique<Formula>([](const table::Configuration&) { return kUnknown; }, data);
}
inline std::unique_ptr<predictor::Predictor> fit_refusing(const predictor::TrainingData&,
                                                          const predictor::FitOptions&) {
  throw Error::bad_input({}, "these rows are not to my taste");
}

inline constexpr registry::Kind kTruthful{"truthful", "", true, false, false, fit_truthful};
inline constexpr registry::Kind kBiased{"biased", "", true, false, false, fit_biased};
inline constexpr registry::Kind kNoisy{"noisy", "", true, false, false, fit_noisy};
inline constexpr registry::Kind kSilent{"silent", "", true, false, false, fit_silent};
inline constexpr registry::Kind kRefusing{"refusing", "", true, false, false, fit_refusing};

}  // namespace energylens::eval
