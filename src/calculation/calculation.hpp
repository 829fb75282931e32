// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calculation/values.hpp"
#include "energylens/expr/expr.hpp"
#include "energylens/parametric/model.hpp"

namespace energylens::calculation {

/// An argument of the calculation.
struct Input {
  std::string name;            ///< as the flag of the command line, with underscores: "kv_capacity_tokens"
  double fallback = kUnknown;  ///< where it is not stated; unknown: the calculation does without
  bool required = false;
  std::string meaning;
};

/// A fitted number.
struct Constant {
  std::string name;  ///< as the parameter of the expressions
  double value = 0;
  std::string unit, meaning;
};

/// What decides between the two values of a step.
struct Condition {
  enum class Kind { positive, not_negative, stated } kind = Kind::positive;
  expr::Expr of;  ///< of `stated`: one input
};

/// One named number. Expressions use inputs, constants and the steps before.
struct Step {
  std::string name, meaning;
  expr::Expr value;
  std::optional<Condition> when;  ///< nothing: always `value`
  expr::Expr otherwise;           ///< the value where the condition does not hold; constant NaN: unknown
};

/// The whole prediction of one group and metric as named steps, from layout and load to joules or seconds: KV capacity,
/// waves, replicas, experts and the closed form. What is emitted in other languages; equal to Predictor::predict.
struct Calculation {
  predictor::Metric metric = predictor::Metric::energy;
  std::string subject;  ///< the group, for comments
  std::string origin;   ///< how the model was made, for comments
  std::vector<Input> inputs;
  std::vector<Constant> constants;
  std::vector<Step> steps;
  /// The last step: "energy_j" or "time_s". Unknown for configurations that the model cannot answer.
  const std::string& result() const { return steps.back().name; }
};

/// Requires: model.fit(group, metric).
Calculation calculation_of(const parametric::Model& model, std::size_t group, predictor::Metric metric);

/// Value of an input in a configuration, by name.
double input_of(const table::Configuration& config, std::string_view name);

/// A calculation ready to run, as the emitted code runs it.
class Evaluator {
 public:
  explicit Evaluator(const Calculation& calculation);
  /// Inputs, constants and steps of one configuration.
  Values values(const table::Configuration& config) const;
  /// The result among them.
  double operator()(const table::Configuration& config) const;

 private:
  struct Ready {
    std::string name;
    Formula value, otherwise;
    std::optional<Formula> condition;
    Condition::Kind kind = Condition::Kind::positive;
  };
  std::vector<Input> inputs_;
  Values constants_;
  std::vector<Ready> steps_;
};

/// The calculation for fixed values of some inputs, unknown ones not stated: they and all that follows from them alone
/// become numbers, and so do the constants.
Calculation specialised(const Calculation& calculation, const Values& fixed);

}  // namespace energylens::calculation
