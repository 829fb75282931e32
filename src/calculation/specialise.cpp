// SPDX-License-Identifier: Apache-2.0
// Numbers are put in, constant steps folded into those that use them, and conditions on numbers decided. Held by
// specialise_test.cpp against the whole calculation.
#include <algorithm>

#include "calculation/calculation.hpp"
#include "expr/algebra.hpp"

namespace energylens::calculation {
namespace {

expr::Expr with_numbers(expr::Expr formula, const Values& numbers) {
  for (const std::vector<std::string>& names : {formula.variables(), formula.parameters()}) {
    for (const std::string& name : names) {
      const auto found = numbers.find(name);
      if (found != numbers.end()) formula = substitute(formula, name, expr::Expr::constant(found->second));
    }
  }
  return simplify(formula);
}

/// Whether the condition holds; nothing if that depends on inputs that are left.
std::optional<bool> decided(const Condition& condition, const expr::Expr& of) {
  if (!of.is_constant()) return std::nullopt;
  const double value = of.root().value();
  if (condition.kind == Condition::Kind::stated) return known(value);
  return condition.kind == Condition::Kind::positive ? value > 0 : value >= 0;
}

}  // namespace

Calculation specialised(const Calculation& calculation, const Values& fixed) {
  Calculation out = calculation;
  out.constants.clear();
  out.steps.clear();
  std::erase_if(out.inputs, [&](const Input& input) { return fixed.contains(input.name); });
  Values numbers = fixed;
  for (const Constant& constant : calculation.constants) numbers[constant.name] = constant.value;
  for (Step step : calculation.steps) {
    step.value = with_numbers(step.value, numbers);
    if (step.when) {
      step.otherwise = with_numbers(step.otherwise, numbers);
      step.when->of = with_numbers(step.when->of, numbers);
      const std::optional<bool> holds = decided(*step.when, step.when->of);
      if (holds && !*holds) step.value = step.otherwise;
      if (holds) step.when.reset();
    }
    const bool last = step.name == calculation.result();
    if (!step.when && step.value.is_constant() && !last) {
      numbers[step.name] = step.value.root().value();
    } else {
      out.steps.push_back(std::move(step));
    }
  }
  return out;
}

}  // namespace energylens::calculation
