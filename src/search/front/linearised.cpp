// SPDX-License-Identifier: Apache-2.0
// Exact derivatives of the expression at the points, added up to rows. Tested by
// tests/search/front/identify_test.cpp.
#include "search/front/linearised.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "expr/algebra.hpp"
#include "expr/program.hpp"
#include "search/fit/dataset.hpp"

namespace energylens::search {
namespace {

/// Evaluates an expression of inputs and constants at the rows of a problem.
class RowProgram {
 public:
  RowProgram(const expr::Expr& e, const Formula& formula, const Problem& problem)
      : formula_(formula), problem_(problem), program_(e, inputs(problem), constants(formula)) {
    for (const Input& input : problem.inputs) columns_.emplace_back(input.values);
  }

  std::vector<double> at_rows() {
    std::vector<std::vector<double>> by_group;
    for (std::size_t g = 0; g < problem_.group_count(); ++g) {
      std::vector<double> values;
      for (const Constant& c : formula_.constants) values.push_back(c.values[c.values.size() == 1 ? 0 : g]);
      by_group.emplace_back(problem_.points());
      program_.evaluate(columns_, values, by_group.back(), workspace_);
    }
    std::vector<double> out(problem_.rows(), 0.0);
    if (problem_.shares.empty()) {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = by_group[problem_.group_of(i)][i];
    }
    for (const Share& s : problem_.shares)
      out[s.row] += s.weight * by_group[problem_.group_of(s.row)][s.point];
    return out;
  }

 private:
  static std::vector<std::string> inputs(const Problem& problem) {
    std::vector<std::string> out;
    for (const Input& input : problem.inputs) out.push_back(input.name);
    return out;
  }
  static std::vector<std::string> constants(const Formula& formula) {
    std::vector<std::string> out;
    for (const Constant& c : formula.constants) out.push_back(c.name);
    return out;
  }

  const Formula& formula_;
  const Problem& problem_;
  expr::Program program_;
  std::vector<std::span<const double>> columns_;
  expr::Workspace workspace_;
};

/// Computes the errors from the values, and d error / d value.
void add_errors(const std::vector<double>& value, const Problem& problem, Loss loss, Linearised& out,
                std::vector<double>& per_value) {
  const double spread = loss == Loss::absolute ? standard_deviation(problem.target) : 1;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const double y = problem.target[i], f = value[i];
    const double scale = loss == Loss::absolute ? spread : y;
    out.error.push_back(loss == Loss::log_error ? std::log(f / y) : (f - y) / scale);
    per_value.push_back(1 / (loss == Loss::log_error ? f : scale));
    out.finite = out.finite && std::isfinite(out.error.back());
  }
}

void add_weights(const Problem& problem, Linearised& out) {
  out.weight = problem.weights.empty() ? std::vector<double>(problem.rows(), 1.0) : problem.weights;
  const double total = std::accumulate(out.weight.begin(), out.weight.end(), 0.0);
  for (double& w : out.weight) w *= static_cast<double>(out.weight.size()) / total;
}

}  // namespace

Linearised linearised(const Formula& formula, const Problem& problem, const Options& options) {
  Linearised out;
  std::vector<double> per_value;
  add_errors(RowProgram(formula.expr, formula, problem).at_rows(), problem, options.loss, out, per_value);
  add_weights(problem, out);
  for (std::size_t c = 0; c < formula.constants.size(); ++c) {
    const Constant& constant = formula.constants[c];
    const expr::Expr slope_of = expr::simplify(expr::derivative(formula.expr, constant.name));
    const std::vector<double> slope = RowProgram(slope_of, formula, problem).at_rows();
    for (std::size_t k = 0; k < constant.values.size(); ++k) {
      if (options.positive_coefficients && constant.coefficient && constant.values[k] == 0) {
        ++out.held;
        continue;
      }
      FittedNumber number{c, k, constant.values[k], std::vector<double>(problem.rows(), 0.0)};
      for (std::size_t i = 0; i < problem.rows(); ++i) {
        const bool here = constant.values.size() == 1 || problem.group_of(i) == k;
        if (here) number.slope[i] = slope[i] * per_value[i];
        out.finite = out.finite && std::isfinite(number.slope[i]);
      }
      out.numbers.push_back(std::move(number));
    }
  }
  return out;
}

double error_variance(const Formula& formula, std::size_t rows) {
  const double n = static_cast<double>(rows), left = n - formula.effective_parameters;
  if (!(left > 0)) return kUnknown;
  const double in_sample = formula.loss * n / left;
  return known(formula.cv_loss) ? std::max(in_sample, formula.cv_loss) : in_sample;
}

}  // namespace energylens::search
