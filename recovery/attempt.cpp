// SPDX-License-Identifier: Apache-2.0
// attempt.cpp: sample, search, judge. Without noise a search stops at machine precision. With noise it stops
// when the least description length n/2 ln(loss) + complexity ln(symbols) of its front has not fallen by 1
// nat for 3 seconds (10 for laws of energy) and for as long as it took to get there. A found formula is the truth if its numbers,
// moved by at most 2 %, make it equal to the truth at rows with no noise and at points outside the sample,
// and SymPy says that it is. Held by tests/recovery/attempt_test.cpp.
#include "recovery/attempt.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/search/search.hpp"
#include "expr/algebra.hpp"
#include "expr/program.hpp"
#include "numerics/least_squares.hpp"
#include "recovery/sample.hpp"
#include "recovery/terms.hpp"

namespace energylens::recovery {
namespace {

constexpr double kMoved = 0.02;

search::Options search_options(const Known& known, const AttemptOptions& options, double noise) {
  search::Options out;
  out.time_limit_s = options.seconds;
  out.seed = options.seed;
  out.threads = options.threads;
  out.units = options.units;
  out.cancel = options.cancel;
  out.watch_every_s = 0.1;
  out.processor_time = options.processor_time;
  if (known.relative) {
    out.loss = search::Loss::log_error;
    out.positive_coefficients = true;
    out.real_exponents = true;
    out.constant_units = {parse_unit("J")};
    out.operators = search::parse_operators("+,*,/,^");
    out.max_complexity = 60;  // four terms of three powers each have 50
    out.target_loss = noise > 0 ? 0 : 1e-20;
    return out;
  }
  out.loss = search::Loss::absolute;
  out.coefficients = search::Scope::shared;
  out.operators = search::parse_operators("+,-,*,/,^,sqrt,exp:2,log:2,sin:2,cos:2,tanh:3,asin:3,acos:3");
  out.max_complexity = 60;
  out.target_loss = noise > 0 ? 0 : 1e-20;
  return out;
}

/// Ends a search that has nothing left to gain.
class StopRule {
 public:
  StopRule(std::size_t rows, std::size_t symbols, double patience_s, CancelToken& enough)
      : rows_(static_cast<double>(rows)),
        symbols_(static_cast<double>(symbols)),
        patience_s_(patience_s),
        enough_(enough) {}

  void operator()(const search::Status& status) {
    double least = std::numeric_limits<double>::infinity();
    for (const search::Status::Best& best : status.best) {
      least = std::min(least, rows_ / 2 * std::log(best.loss + 1e-18) + best.complexity * std::log(symbols_));
    }
    if (least < least_ - 1) {
      least_ = least;
      fell_at_ = status.seconds;
    }
    if (status.seconds - fell_at_ > std::max(patience_s_, fell_at_)) enough_.cancel();
  }

 private:
  double rows_, symbols_, patience_s_;
  CancelToken& enough_;
  double least_ = std::numeric_limits<double>::infinity(), fell_at_ = 0;
};

double r2(const std::vector<double>& found, const std::vector<double>& truth) {
  double mean = 0, left = 0, total = 0;
  for (const double y : truth) mean += y / static_cast<double>(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    left += (found[i] - truth[i]) * (found[i] - truth[i]);
    total += (truth[i] - mean) * (truth[i] - mean);
  }
  const double value = 1 - left / total;
  return std::isfinite(value) ? value : kUnknown;
}

/// The formula with its numbers fitted to targets without noise, unless they move too far.
std::optional<expr::Expr> refitted(const search::Formula& formula, const search::Problem& problem,
                                   const std::vector<double>& truth) {
  std::vector<std::string> names, inputs;
  std::vector<double> start;
  std::vector<expr::Expr> slopes;
  for (const search::Constant& c : formula.constants) {
    names.push_back(c.name);
    start.push_back(c.values[0]);
    slopes.push_back(expr::derivative(formula.expr, c.name));
  }
  std::vector<std::span<const double>> columns;
  for (const search::Input& input : problem.inputs) {
    inputs.push_back(input.name);
    columns.emplace_back(input.values);
  }
  double size = 0;
  for (const double y : truth) size = std::max(size, std::fabs(y));
  expr::Workspace workspace;
  const std::size_t n = truth.size();
  const auto fill = [&](const expr::Expr& e, std::span<const double> x, std::span<double> out) {
    expr::Program(e, inputs, names).evaluate(columns, x, out, workspace);
    return std::all_of(out.begin(), out.end(), [](double v) { return std::isfinite(v); });
  };
  numerics::Problem lsq{names.size(), n,
                        [&](std::span<const double> x, std::span<double> f, std::span<double> j) {
                          if (!fill(formula.expr, x, f)) return false;
                          for (std::size_t i = 0; i < n; ++i) f[i] = (f[i] - truth[i]) / size;
                          if (j.empty()) return true;
                          for (std::size_t k = 0; k < slopes.size(); ++k) {
                            if (!fill(slopes[k], x, j.subspan(k * n, n))) return false;
                            for (std::size_t i = 0; i < n; ++i) j[k * n + i] /= size;
                          }
                          return true;
                        }};
  numerics::Options careful;
  careful.cost_tolerance = careful.gradient_tolerance = 1e-300;
  careful.step_tolerance = 1e-15;
  const numerics::Report report = numerics::minimise(lsq, start, careful);
  const double rms = std::sqrt(2 * report.cost_end / static_cast<double>(n));
  if (!report.usable() || !(rms < 1e-8)) return std::nullopt;
  expr::Expr out = formula.expr;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (!(std::fabs(report.x[k] - start[k]) <= kMoved * std::fabs(start[k]))) return std::nullopt;
    out = expr::substitute(out, names[k], expr::Expr::constant(report.x[k]));
  }
  return out;
}

/// Equal at points, but for rounding; those where the truth has no value do not count.
bool equal_outside(const expr::Expr& found, const search::Problem& outside) {
  const std::vector<double> there = values(found, outside);
  return r2(there, outside.target) > 1 - 1e-9;
}

void judge_equality(const Known& known, const search::Formula& chosen, const Sample& data, SymPyJudge& judge,
                    Outcome& out) {
  const std::optional<expr::Expr> found = refitted(chosen, data.training, data.truth);
  if (!found || !equal_outside(*found, data.outside)) {
    out.exact = false;
    return;
  }
  std::vector<std::string> positive, real;
  for (const KnownInput& input : known.inputs) (input.low >= 0 ? positive : real).push_back(input.name);
  const Judgement judgement = judge.judge(known.formula, expr::print(*found), positive, real);
  out.exact = judgement.same;
  out.why = judgement.why;
}

}  // namespace

Outcome attempt(const Known& known, const AttemptOptions& options, SymPyJudge& judge) {
  const double noise = energylens::known(options.noise) ? options.noise : known.noise;
  const Sample data = sample(known, noise, options.seed);
  search::Options how = search_options(known, options, noise);
  CancelToken stop, enough;
  StopRule rule(data.training.rows(), data.training.inputs.size() + how.operators.size(),
                known.relative ? 10 : 3, enough);
  how.cancel = &stop;
  how.enough = &enough;
  how.watch = [&](const search::Status& status) {
    if (noise > 0) rule(status);
    if (options.cancel && options.cancel->cancelled()) stop.cancel();
  };
  Outcome out;
  out.name = known.name;
  search::Front front;
  try {
    front = search::search(data.training, how);
  } catch (const Error& error) {  // not one formula in the time given
    out.exact = false;
    out.why = error.message();
    return out;
  }
  const search::Formula& chosen = front.chosen();
  out.seconds = front.seconds;
  out.evaluations = front.evaluations;
  out.complexity = chosen.complexity;
  out.formula = chosen.text();
  out.seed = options.seed;
  const std::vector<double> there = search::predict(chosen, data.held_out);
  out.r2 = r2(there, data.held_out.target);
  if (known.relative) {
    const TermMatch match = match_terms(known, chosen, data.training);
    out.terms_found = match.needed_are_found;
    out.exact = match.needed_are_found && match.found == match.terms;
    double sum = 0;
    for (std::size_t i = 0; i < there.size(); ++i) sum += std::fabs(there[i] / data.held_out.target[i] - 1);
    out.held_out_error = sum / static_cast<double>(there.size());
  } else {
    judge_equality(known, chosen, data, judge, out);
  }
  return out;
}

}  // namespace energylens::recovery
