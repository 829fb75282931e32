// SPDX-License-Identifier: Apache-2.0
// Steps one after another, each by its expression: the definition that emitted code is compared with.
#include "calculation/calculation.hpp"
#include "calculation/values.hpp"

namespace energylens::calculation {

double Formula::at(const Values& values) const {
  const auto numbers = [&values](const std::vector<std::string>& names) {
    std::vector<double> out;
    for (const std::string& name : names) out.push_back(values.find(name)->second);
    return out;
  };
  return program_.evaluate(numbers(variables_), numbers(parameters_));
}

namespace {

bool holds(Condition::Kind kind, double value) {
  if (kind == Condition::Kind::stated) return known(value);
  return kind == Condition::Kind::positive ? value > 0 : value >= 0;
}

}  // namespace

Evaluator::Evaluator(const Calculation& calculation) : inputs_(calculation.inputs) {
  for (const Constant& constant : calculation.constants) constants_[constant.name] = constant.value;
  for (const Step& step : calculation.steps) {
    Ready ready{step.name, Formula(step.value), Formula(step.otherwise), std::nullopt};
    if (step.when) {
      ready.condition.emplace(step.when->of);
      ready.kind = step.when->kind;
    }
    steps_.push_back(std::move(ready));
  }
}

Values Evaluator::values(const table::Configuration& config) const {
  Values values = constants_;
  for (const Input& input : inputs_) {
    const double stated = input_of(config, input.name);
    values[input.name] = known(stated) ? stated : input.fallback;
  }
  for (const Ready& step : steps_) {
    const bool first = !step.condition || holds(step.kind, step.condition->at(values));
    values[step.name] = (first ? step.value : step.otherwise).at(values);
  }
  return values;
}

double Evaluator::operator()(const table::Configuration& config) const {
  return values(config).find(steps_.back().name)->second;
}

}  // namespace energylens::calculation
