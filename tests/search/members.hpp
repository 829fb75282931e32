// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "numerics/summary.hpp"
#include "search/front/describe.hpp"
#include "search/identify.hpp"
#include "search/samples.hpp"
#include "search/tree/to_expr.hpp"

namespace energylens::search {

/// Positive coefficients, fitted exponents, errors of ln y.
inline Options power_laws() {
  Options o = small_search();
  o.loss = Loss::log_error;
  o.real_exponents = true;
  o.positive_coefficients = true;
  return o;
}

/// A formula of the inputs of the bench with fitted constants, as a search would return it. Names that are
/// not inputs are fitted, and every term has a coefficient.
inline Formula formula_from(const Bench& bench, const std::string& text) {
  expr::Expr e = expr::parse(text);
  for (const std::string& name : e.variables()) {
    const auto& inputs = bench.primitives.names;
    if (std::find(inputs.begin(), inputs.end(), name) == inputs.end())
      e = expr::substitute(e, name, expr::Expr::parameter(name + "_fitted"));
  }
  Tree tree{{from_expr(e, bench.primitives.names)}};
  canonicalise(tree, bench.primitives.positive);
  Member member{std::move(tree), {}, 0};
  member.complexity = complexity(member.tree, bench.primitives.costs);
  FitSettings settings = bench.context.fit;
  settings.starts = 4;
  settings.steps = 80;
  settings.tolerance = 1e-10;
  FitWorkspace workspace(bench.dataset);
  member.fitted = fit_constants(member.tree, settings, workspace);
  Formula out = formula_of(member, bench.context, bench.form);
  out.member = std::make_shared<const Member>(member);
  return out;
}

/// The same after identify().
inline Formula identified(const Bench& bench, const std::string& formula) {
  Front front;
  front.formulas.push_back(formula_from(bench, formula));
  identify(front, bench.problem, bench.options);
  return front.formulas[0];
}

/// Two groups of rows with different coefficients.
inline Problem two_groups(double noise = 0) {
  Problem p = sample_problem("3*x + 0.5*y*(x + z) + 0.2*x*y*z", {{"x"}, {"y"}, {"z"}}, "1", 80, noise);
  for (std::size_t i = 0; i < p.rows(); ++i) {
    const double x = p.inputs[0].values[i], y = p.inputs[1].values[i], z = p.inputs[2].values[i];
    p.groups.push_back(i % 2);
    if (i % 2 == 1)
      p.target[i] *=
          (5 * x + 0.2 * y * (x + z) + 0.6 * x * y * z) / (3 * x + 0.5 * y * (x + z) + 0.2 * x * y * z);
  }
  p.group_names = {"one", "two"};
  return p;
}

inline Options own_coefficients() {
  Options o = power_laws();
  o.coefficients = Scope::per_group;
  return o;
}

inline Member member_of(const Bench& bench, const std::string& formula) {
  return *formula_from(bench, formula).member;
}

}  // namespace energylens::search
