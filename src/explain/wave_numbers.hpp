// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "calculation/values.hpp"
#include "explain/account.hpp"
#include "parametric/term_formulas.hpp"
#include "predictor/waves.hpp"

namespace energylens::explain {

/// A closed form of one metric with its fitted numbers, evaluated term by term.
class TermSums {
 public:
  TermSums(const parametric::Model& model, std::size_t group, Metric metric);

  /// The variables of the form that a configuration sets, the requests of the wave aside.
  calculation::Values variables(const table::Configuration& config) const;
  /// The waves that add up. Requires: a configuration with its capacity resolved.
  std::vector<predictor::EqualWaves> waves(const table::Configuration& config) const;
  /// The value of every term over all those waves.
  std::vector<double> values(const calculation::Values& variables,
                             const std::vector<predictor::EqualWaves>& waves) const;
  double total(const calculation::Values& variables, const std::vector<predictor::EqualWaves>& waves) const;
  const std::vector<parametric::FormulaTerm>& terms() const { return form_.terms; }

 private:
  const predictor::GroupContext& context_;
  Metric metric_;
  parametric::FormulaTerms form_;
  std::vector<calculation::Formula> factors_, terms_;  ///< of form_, ready to evaluate
  calculation::Values constants_;
};

/// The configuration with the KV capacity that the prediction assumed.
table::Configuration resolved(table::Configuration config, const predictor::Prediction& prediction);

}  // namespace energylens::explain
