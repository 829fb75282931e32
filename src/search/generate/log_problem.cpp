// SPDX-License-Identifier: Apache-2.0
// log_problem.cpp: ln |z| and the logarithms of thousands of brackets and functions, projected once away from
// the constants and the ln x_i. After that, one inner product shows how much a factor explains. Tested by
// tests/search/generate/log_seeds_test.cpp.
#include "search/generate/log_problem.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "search/fit/dot.hpp"
#include "search/fit/term_evaluator.hpp"
#include "search/generate/factors.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kMostLogRows = 256, kMostFactors = 12000;

bool in_group(const Dataset& dataset, std::size_t row, std::size_t g) {
  return row >= dataset.group_begin[g] && row < dataset.group_begin[g + 1];
}

/// Adds the constants and the logarithms of positive inputs to the basis.
void fill_basis(LogProblem& p) {
  const Dataset& dataset = p.context.dataset;
  const PrimitiveSet& primitives = p.context.primitives;
  const bool own = p.context.options.coefficients == Scope::per_group;
  for (std::size_t g = 0; g < (own ? dataset.groups : 1); ++g) {
    std::vector<double> column;
    for (std::size_t r = 0; r < p.rows.size(); ++r)
      column.push_back(!own || in_group(dataset, p.rows[r], g) ? p.weight[r] : 0);
    p.basis.add(std::move(column));
    ++p.constants;
  }
  for (const std::size_t input : primitives.parts[0].inputs) {
    if (!primitives.positive[input]) continue;
    std::vector<double> column;
    for (std::size_t r = 0; r < p.rows.size(); ++r)
      column.push_back(dataset.logs[input][p.rows[r]] * p.weight[r]);
    p.basis.add(std::move(column));
    p.inputs.push_back(input);
  }
}

/// Fills the logarithms of absolute values, and the signs. Returns false if a value is 0 or not finite.
bool take_logarithms(const LogProblem& p, const std::vector<double>& points, LogCandidate& c) {
  std::size_t positive = 0;
  for (std::size_t r = 0; r < p.rows.size(); ++r) {
    const double value = points[p.rows[r]];
    if (value == 0 || !std::isfinite(value)) return false;
    c.log.push_back(std::log(std::fabs(value)) * p.weight[r]);
    c.sign.push_back(value > 0 ? 1 : -1);
    positive += value > 0 ? 1 : 0;
  }
  if (positive == 0 || positive == p.rows.size()) c.sign.clear();
  return true;
}

}  // namespace

LogProblem::LogProblem(const SearchContext& search_context, const TargetTransformation& z)
    : context(search_context), transformation(z) {
  const Dataset& dataset = context.dataset;
  const std::size_t stride = (dataset.rows + kMostLogRows - 1) / kMostLogRows;
  for (std::size_t i = 0; i < dataset.rows; i += stride) rows.push_back(i);
  for (const std::size_t i : rows) {
    const double y = dataset.target[i];
    target.push_back(transformation.value(y));
    // An error e of ln z is an error of e z / (dz/dy) of y.
    weight.push_back(std::sqrt(dataset.weight[i]) *
                     std::fabs(dataset.scale[i] * target.back() / transformation.slope(y)));
  }
  fill_basis(*this);
  for (std::size_t r = 0; r < rows.size(); ++r) log_z.push_back(std::log(std::fabs(target[r])) * weight[r]);
  rest = log_z;
  mixed_signs =
      std::any_of(target.begin(), target.end(), [&](double value) { return value * target[0] < 0; });
  basis.project(rest, nullptr);
}

bool LogProblem::solvable() const {
  return std::all_of(log_z.begin(), log_z.end(), [](double l) { return std::isfinite(l); });
}

std::vector<LogCandidate> log_candidates(const LogProblem& problem, const RunOptions& run) {
  const PrimitiveSet& primitives = problem.context.primitives;
  Scratch scratch;
  TermEvaluator evaluator(problem.context.dataset, scratch);
  std::vector<double> points(problem.context.dataset.points);
  std::vector<LogCandidate> out;
  for (auto& [degree, factor] : factor_library(primitives, primitives.parts[0], kMostFactors)) {
    if (run.cancel && run.cancel->cancelled()) return out;
    evaluator.term(Term{1, false, {factor}}, points.data(), nullptr);
    LogCandidate c{std::move(factor), {}, {}, {}};
    if (!take_logarithms(problem, points, c)) continue;
    c.rest = c.log;
    const double before = dot(c.log, c.log);
    problem.basis.project(c.rest, nullptr);
    if (dot(c.rest, c.rest) > 1e-12 * before) out.push_back(std::move(c));
  }
  return out;
}

std::vector<RankedCandidate> ranked(const LogProblem& problem, const std::vector<LogCandidate>& candidates) {
  std::vector<RankedCandidate> out;
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    const double product = dot(candidates[c].rest, problem.rest);
    out.push_back({-product * product / dot(candidates[c].rest, candidates[c].rest), c});
  }
  std::sort(out.begin(), out.end(), [](const RankedCandidate& a, const RankedCandidate& b) {
    return std::tie(a.minus_explained, a.candidate) < std::tie(b.minus_explained, b.candidate);
  });
  return out;
}

}  // namespace energylens::search
