// SPDX-License-Identifier: Apache-2.0
// normalised_inputs.cpp: fitted exponents of inputs with a unit. batch^0.76 of requests has a unit that no
// coefficient can cancel; (batch/12.5)^0.76 has none. The search treats x/x_ref as another input. In
// the resulting formulas the ratio is written out with its number, so that a formula or model file is
// complete in itself. Tested by tests/discovery/relative_test.cpp.
#include "search/normalised_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "expr/algebra.hpp"

namespace energylens::search {
namespace {

/// The double nearest to x written with three digits, which prints as these three digits.
double three_digits(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", x);
  return std::strtod(text, nullptr);
}

double reference_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::log(value) / static_cast<double>(values.size());
  return three_digits(std::exp(sum));
}

}  // namespace

std::string normalised_name(std::string_view input) {
  return std::string(input) + "_rel";
}

void add_normalised_inputs(Problem& problem) {
  for (std::size_t i = 0, n = problem.inputs.size(); i < n; ++i) {
    const Input& of = problem.inputs[i];
    const bool positive = std::ranges::all_of(of.values, [](double v) { return v > 0; });
    if (of.unit.dimensionless() || !positive) continue;
    Input relative{normalised_name(of.name), Unit(), of.values, of.name, reference_of(of.values)};
    for (double& value : relative.values) value /= relative.reference;
    problem.inputs.push_back(std::move(relative));
  }
}

void expand_normalised_inputs(const Problem& problem, Front& front) {
  for (const Input& input : problem.inputs) {
    if (input.normalised_from.empty()) continue;
    const expr::Expr written = expr::Expr::apply(
        expr::Op::divide, expr::Expr::variable(input.normalised_from), expr::Expr::constant(input.reference));
    for (Formula& formula : front.formulas) {
      formula.expr = expr::substitute(formula.expr, input.name, written);
      for (Formula::Part& part : formula.parts) part.expr = expr::substitute(part.expr, input.name, written);
    }
  }
}

}  // namespace energylens::search
