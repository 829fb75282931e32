// SPDX-License-Identifier: Apache-2.0
// separability.cpp: which inputs multiply the rest of a formula as powers. ln |y| is fitted by a polynomial
// of second degree in the centred logarithms of the inputs. If all terms that mix an input with others or
// square it are 0 within their standard errors, and its slope is a multiple of 1/2 within its own, the input
// is divided out. The rest has fewer inputs, so products of higher degree can be listed. A wrong guess only
// costs time. Tested by tests/search/generate/separability_test.cpp.
#include "search/generate/separability.hpp"

#include <cmath>
#include <optional>

#include "energylens/core/error.hpp"
#include "search/fit/small_linear.hpp"
#include "search/fit/term_evaluator.hpp"

namespace energylens::search {
namespace {

constexpr double kTolerance = 4;  // in standard errors

/// Coefficients of a least-squares fit and their standard errors.
struct Estimates {
  std::vector<double> value, error;
};

std::optional<Estimates> estimated(const std::vector<std::vector<double>>& columns,
                                   const std::vector<double>& y) {
  const std::size_t k = columns.size(), n = y.size();
  if (n < k + 10) return std::nullopt;
  std::vector<double> normal(k * k), inverse;
  const auto inner = [n](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
    return sum;
  };
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = 0; b < k; ++b) normal[a * k + b] = inner(columns[a], columns[b]);
  }
  Estimates out{std::vector<double>(k), std::vector<double>(k)};
  SmallSystem system;
  std::vector<double> x;
  std::vector<double> right(k);
  for (std::size_t a = 0; a < k; ++a) right[a] = inner(columns[a], y);
  for (std::size_t column = 0; column <= k; ++column) {  // the last one is the fit itself
    system.reset(k);
    for (std::size_t a = 0; a < k; ++a) {
      for (std::size_t b = 0; b <= a; ++b) system.a(a, b) = normal[a * k + b];
      system.b(a) = column < k ? (a == column ? 1.0 : 0.0) : right[a];
    }
    system.solve(x);
    if (system.dependent() > 0) return std::nullopt;
    if (column < k) {
      out.error[column] = x[column];
    } else {
      out.value = x;
    }
  }
  double left = inner(y, y);
  for (std::size_t a = 0; a < k; ++a) left -= out.value[a] * right[a];
  const double variance = std::max(left, 0.0) / static_cast<double>(n - k);
  for (double& e : out.error) e = std::sqrt(std::max(e, 0.0) * variance);
  return out;
}

/// The centred logarithms of the positive inputs of the part.
struct Logs {
  std::vector<std::size_t> inputs;
  std::vector<std::vector<double>> columns;
};

Logs centred_logs(const SearchContext& context) {
  Logs out;
  for (const std::size_t i : context.primitives.parts[0].inputs) {
    if (!context.primitives.positive[i]) continue;
    std::vector<double> column = context.dataset.logs[i];
    double mean = 0;
    for (const double v : column) mean += v / static_cast<double>(column.size());
    for (double& v : column) v -= mean;
    out.inputs.push_back(i);
    out.columns.push_back(std::move(column));
  }
  return out;
}

/// The inputs to divide out, with their exponents.
std::vector<Factor> powers_of(const SearchContext& context) {
  const Logs logs = centred_logs(context);
  const std::size_t k = logs.inputs.size(), n = context.dataset.rows;
  std::vector<std::vector<double>> columns{std::vector<double>(n, 1.0)};
  std::vector<std::pair<std::size_t, std::size_t>> of{{k, k}};  // the inputs whose product a column is
  for (std::size_t a = 0; a < k; ++a) {
    columns.push_back(logs.columns[a]);
    of.emplace_back(a, k);
  }
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = a; b < k; ++b) {
      columns.push_back(logs.columns[a]);
      for (std::size_t i = 0; i < n; ++i) columns.back()[i] *= logs.columns[b][i];
      of.emplace_back(a, b);
    }
  }
  std::vector<double> y;
  for (const double v : context.dataset.target) {
    if (v == 0) return {};
    y.push_back(std::log(std::fabs(v)));
  }
  const std::optional<Estimates> found = estimated(columns, y);
  if (!found) return {};
  std::vector<Factor> out;
  for (std::size_t a = 0; a < k; ++a) {
    double exponent = 0;
    bool alone = true;
    for (std::size_t c = 1; c < columns.size(); ++c) {
      const double value = found->value[c], error = kTolerance * found->error[c] + 1e-9;
      if (of[c] == std::pair(a, k)) {
        exponent = std::round(value * 2) / 2;
        alone = alone && exponent != 0 && std::fabs(value - exponent) < error && error < 0.4;
      } else if (of[c].first == a || of[c].second == a) {
        alone = alone && std::fabs(value) < error;
      }
    }
    if (alone) out.push_back(input_factor(logs.inputs[a], exponent));
  }
  return out;
}

void renumber(Sum& sum, const std::vector<std::size_t>& inputs) {
  for (Term& term : sum) {
    for (Factor& f : term.factors) {
      if (f.kind == Factor::Kind::input) f.input = static_cast<std::uint16_t>(inputs[f.input]);
      renumber(f.argument, inputs);
      renumber(f.second, inputs);
    }
  }
}

}  // namespace

std::unique_ptr<SeparatedProblem> SeparatedProblem::find(const SearchContext& context,
                                                         const Problem& problem) {
  return divide(powers_of(context), context, problem);
}

std::unique_ptr<SeparatedProblem> SeparatedProblem::divide(std::vector<Factor> factors,
                                                           const SearchContext& context,
                                                           const Problem& problem) {
  const PrimitiveSet& primitives = context.primitives;
  std::unique_ptr<SeparatedProblem> out(new SeparatedProblem);
  out->powers_ = std::move(factors);
  const auto divided_out = [&](std::size_t i) {
    return std::any_of(out->powers_.begin(), out->powers_.end(),
                       [i](const Factor& f) { return f.kind == Factor::Kind::input && f.input == i; });
  };
  Problem& rest = out->problem_;
  Dims dims = primitives.parts[0].dims;
  std::vector<double> divisor(problem.rows(), 1.0);
  Dims of;
  if (!typed(Term{1, false, out->powers_}, primitives, of)) return nullptr;
  dims = dims - of;
  Scratch scratch;
  std::vector<double> on_dataset(context.dataset.points);
  TermEvaluator(context.dataset, scratch).term(Term{1, false, out->powers_}, on_dataset.data(), nullptr);
  for (std::size_t row = 0; row < divisor.size(); ++row) {
    const double value = on_dataset[row];
    if (value == 0 || !std::isfinite(value)) return nullptr;
    divisor[context.dataset.original_row[row]] = value;
  }
  for (std::size_t i = 0; i < problem.inputs.size(); ++i) {
    if (divided_out(i)) continue;
    out->inputs_.push_back(i);
    rest.inputs.push_back(problem.inputs[i]);
  }
  if (out->powers_.empty() || rest.inputs.empty()) return nullptr;
  rest.target_unit = context.options.units ? unit_of(dims) : Unit();
  rest.target = problem.target;
  rest.weights = problem.weights.empty() ? std::vector<double>(problem.rows(), 1.0) : problem.weights;
  rest.groups = problem.groups;
  for (std::size_t i = 0; i < divisor.size(); ++i) {
    rest.target[i] /= divisor[i];
    if (context.options.loss == Loss::absolute) rest.weights[i] *= divisor[i] * divisor[i];
  }
  try {
    check(rest);
    out->form_ = read_form(rest);
    out->dataset_ = std::make_unique<Dataset>(rest, out->form_, context.options.loss);
    out->primitives_ = make_primitive_set(rest, out->form_, context.options);
  } catch (const Error&) {  // the quotient is constant, or no product has its dims
    return nullptr;
  }
  out->context_ = std::make_unique<SearchContext>(
      SearchContext{*out->dataset_, out->primitives_, context.options, {}, context.fit});
  return out;
}

Tree SeparatedProblem::restore(Tree tree) const {
  renumber(tree.parts[0], inputs_);
  for (Term& term : tree.parts[0]) term.factors.insert(term.factors.end(), powers_.begin(), powers_.end());
  return tree;
}

}  // namespace energylens::search
