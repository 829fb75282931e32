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

bool holds(const Condition& condition, const Values& values) {
  const double value = Formula(condition.of).at(values);
  if (condition.kind == Condition::Kind::stated) return known(value);
  return condition.kind == Condition::Kind::positive ? value > 0 : value >= 0;
}

}  // namespace

Values values_of(const Calculation& calculation, const table::Configuration& config) {
  Values values;
  for (const Input& input : calculation.inputs) {
    const double stated = input_of(config, input.name);
    values[input.name] = known(stated) ? stated : input.fallback;
  }
  for (const Constant& constant : calculation.constants) values[constant.name] = constant.value;
  for (const Step& step : calculation.steps) {
    const bool first = !step.when || holds(*step.when, values);
    values[step.name] = Formula(first ? step.value : step.otherwise).at(values);
  }
  return values;
}

double evaluate(const Calculation& calculation, const table::Configuration& config) {
  return values_of(calculation, config).find(calculation.result())->second;
}

}  // namespace energylens::calculation
