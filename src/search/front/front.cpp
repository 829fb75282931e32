// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/front/front_test.cpp.
#include "energylens/search/front.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/expr/text.hpp"
#include "expr/program.hpp"

namespace energylens::search {
namespace {

double six_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return parse_number(text).value_or(value);
}

const Constant* find(const std::vector<Constant>& constants, const std::string& name) {
  const auto at =
      std::find_if(constants.begin(), constants.end(), [&](const Constant& c) { return c.name == name; });
  return at == constants.end() ? nullptr : &*at;
}

}  // namespace

std::size_t Formula::fitted_numbers() const {
  std::size_t count = 0;
  for (const Constant& c : constants) count += c.values.size();
  return count;
}

expr::Expr Formula::with_constants(std::size_t group) const {
  expr::Expr out = expr;
  for (const Constant& c : constants) {
    const double value = c.values[c.values.size() == 1 ? 0 : group];
    out = expr::substitute(out, c.name, expr::Expr::constant(value));
  }
  return out;
}

std::string Formula::text() const {
  expr::Expr out = expr;
  for (const std::string& name : expr.parameters()) {
    const Constant* const c = find(constants, name);
    if (c && c->values.size() == 1)
      out = expr::substitute(out, name, expr::Expr::constant(six_digits(c->values[0])));
  }
  return expr::print(out);
}

std::string_view ended_text(Ended why) {
  switch (why) {
    case Ended::evaluations:
      return "evaluations";
    case Ended::time_limit:
      return "time_limit";
    case Ended::target_loss:
      return "target_loss";
    case Ended::enough:
      return "enough";
    case Ended::cancelled:
      return "cancelled";
  }
  return "";
}

const Formula& Front::chosen() const {
  const auto at = std::find_if(formulas.begin(), formulas.end(), [](const Formula& f) { return f.chosen; });
  return at == formulas.end() ? formulas.front() : *at;
}

void pick(Front& front, Pick how, double complexity) {
  constexpr double kNotWorse = 1.05;  // errors at rows left out are uncertain by a few percent
  double least = std::numeric_limits<double>::infinity();
  for (const Formula& f : front.formulas) {
    if (known(f.cv_mape) && !f.saturated) least = std::min(least, f.cv_mape);
  }
  const Formula* best = nullptr;
  for (const Formula& f : front.formulas) {
    if (how == Pick::complexity && f.complexity <= complexity) best = &f;
    const bool believed = !f.saturated && f.cv_mape <= kNotWorse * least;
    if (how == Pick::cross_validation && !best && believed) best = &f;
  }
  if (how == Pick::complexity && !best) {
    throw Error::usage("the simplest formula has complexity " +
                       number_text(front.formulas.front().complexity) + ", more than " +
                       number_text(complexity));
  }
  if (!best) return;  // keep the choice by description length
  for (Formula& f : front.formulas) f.chosen = &f == best;
}

std::vector<std::string> warnings(const Front& front) {
  std::vector<std::string> out = front.remarks;
  if (std::ranges::all_of(front.formulas, &Formula::saturated)) {
    out.emplace_back(
        "too few rows to choose a formula: even the simplest one has at least as many fitted "
        "numbers as there are rows");
  }
  return out;
}

void judge_unseen(Front& front, const Problem& all, const std::vector<bool>& searched) {
  front.test_rows = static_cast<std::size_t>(std::count(searched.begin(), searched.end(), false));
  for (Formula& f : front.formulas) {
    const std::vector<double> said = predict(f, all);
    double sum = 0;
    for (std::size_t i = 0; i < said.size(); ++i) {
      if (!searched[i]) sum += std::fabs(said[i] / all.target[i] - 1);
    }
    if (front.test_rows > 0) f.test_mape = sum / static_cast<double>(front.test_rows);
  }
}

std::vector<double> predict(const Formula& formula, const Problem& problem) {
  std::vector<std::string> names;
  std::vector<std::span<const double>> columns;
  for (const Input& input : problem.inputs) {
    names.push_back(input.name);
    columns.emplace_back(input.values);
  }
  std::vector<std::vector<double>> by_group;
  expr::Workspace workspace;
  for (std::size_t g = 0; g < problem.group_count(); ++g) {
    by_group.emplace_back(problem.points());
    expr::Program(formula.with_constants(g), names).evaluate(columns, {}, by_group.back(), workspace);
  }
  std::vector<double> out(problem.rows(), 0.0);
  if (problem.shares.empty()) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = by_group[problem.group_of(i)][i];
  }
  for (const Share& s : problem.shares) out[s.row] += s.weight * by_group[problem.group_of(s.row)][s.point];
  for (double& v : out) v = std::isfinite(v) ? v : kUnknown;
  return out;
}

}  // namespace energylens::search
