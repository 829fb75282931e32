// SPDX-License-Identifier: Apache-2.0
// minimise_grouped against the dense solver, which sees the same residuals as one problem.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <memory>

#include "energylens/core/rng.hpp"
#include "numerics/least_squares.hpp"

namespace energylens::numerics {
namespace {

/// f = A own + C shared + 0.3 sin(own[0]) - b: one minimum near the linear one, and curvature.
struct ArrowGroup {
  std::size_t own, shared, residuals;
  std::vector<double> a, c, b;  // a and c column-major

  ArrowGroup(std::size_t own_count, std::size_t shared_count, Rng& rng)
      : own(own_count), shared(shared_count), residuals(own_count + shared_count + 2) {
    for (std::size_t i = 0; i < residuals * own; ++i) a.push_back(rng.normal());
    for (std::size_t i = 0; i < residuals * shared; ++i) c.push_back(rng.normal());
    for (std::size_t i = 0; i < residuals; ++i) b.push_back(rng.normal());
  }

  double residual(std::size_t i, std::span<const double> x, std::span<const double> s) const {
    double sum = 0.3 * std::sin(x[0]) - b[i];
    for (std::size_t j = 0; j < own; ++j) sum += a[j * residuals + i] * x[j];
    for (std::size_t j = 0; j < shared; ++j) sum += c[j * residuals + i] * s[j];
    return sum;
  }

  double own_slope(std::size_t i, std::size_t j, std::span<const double> x) const {
    return a[j * residuals + i] + (j == 0 ? 0.3 * std::cos(x[0]) : 0);
  }
};

struct ArrowProblem {
  std::vector<ArrowGroup> groups;
  std::size_t shared = 0;
  double prior_weight = 0;  ///< of shared = 0; 0: no prior

  explicit ArrowProblem(std::uint64_t seed) {
    Rng rng(seed);
    shared = 1 + rng.below(3);
    prior_weight = rng.below(2) == 0 ? 0 : 0.7;
    const std::size_t count = 1 + rng.below(4);
    for (std::size_t g = 0; g < count; ++g) groups.emplace_back(1 + rng.below(3), shared, rng);
  }

  std::size_t parameters() const {
    std::size_t sum = shared;
    for (const ArrowGroup& group : groups) sum += group.own;
    return sum;
  }
  std::size_t residuals() const {
    std::size_t sum = prior_weight > 0 ? shared : 0;
    for (const ArrowGroup& group : groups) sum += group.residuals;
    return sum;
  }

  GroupedProblem grouped() const;
  Problem dense() const;
};

GroupedProblem::Group grouped(const ArrowGroup& group) {
  return {group.own, group.residuals, [&group](auto x, auto s, auto f, auto by_own, auto by_shared) {
            for (std::size_t i = 0; i < group.residuals; ++i) f[i] = group.residual(i, x, s);
            if (by_own.empty()) return true;
            for (std::size_t i = 0; i < group.residuals; ++i) {
              for (std::size_t j = 0; j < group.own; ++j)
                by_own[j * group.residuals + i] = group.own_slope(i, j, x);
            }
            std::copy(group.c.begin(), group.c.end(), by_shared.begin());
            return true;
          }};
}

GroupedProblem ArrowProblem::grouped() const {
  GroupedProblem out;
  out.shared = shared;
  for (const ArrowGroup& group : groups) out.groups.push_back(numerics::grouped(group));
  if (prior_weight == 0) return out;
  out.shared_prior = {shared, shared, [w = prior_weight, n = shared](auto s, auto f, auto jacobian) {
                        for (std::size_t j = 0; j < n; ++j) f[j] = w * s[j];
                        for (std::size_t j = 0; j < n && !jacobian.empty(); ++j) jacobian[j * n + j] = w;
                        return true;
                      }};
  return out;
}

Problem ArrowProblem::dense() const {
  const std::size_t n = residuals(), k = parameters();
  return {k, n, [this, n, k](std::span<const double> x, std::span<double> f, std::span<double> jacobian) {
            const std::span<const double> s = x.last(shared);
            std::fill(jacobian.begin(), jacobian.end(), 0.0);
            std::size_t row = 0, column = 0;
            for (const ArrowGroup& group : groups) {
              const auto own = x.subspan(column, group.own);
              for (std::size_t i = 0; i < group.residuals; ++i, ++row) {
                f[row] = group.residual(i, own, s);
                if (jacobian.empty()) continue;
                for (std::size_t j = 0; j < group.own; ++j)
                  jacobian[(column + j) * n + row] = group.own_slope(i, j, own);
                for (std::size_t j = 0; j < shared; ++j) {
                  jacobian[(k - shared + j) * n + row] = group.c[j * group.residuals + i];
                }
              }
              column += group.own;
            }
            for (std::size_t j = 0; prior_weight > 0 && j < shared; ++j, ++row) {
              f[row] = prior_weight * s[j];
              if (!jacobian.empty()) jacobian[(k - shared + j) * n + row] = prior_weight;
            }
            return true;
          }};
}

Options strict() {
  Options options;
  options.max_steps = 200;
  options.cost_tolerance = options.step_tolerance = options.gradient_tolerance = 1e-13;
  return options;
}

RC_GTEST_PROP(MinimiseGrouped, AgreesWithTheDenseSolver, (std::uint64_t seed)) {
  const ArrowProblem problem(seed);
  const std::vector<double> start(problem.parameters(), 0.1);
  const Report arrow = minimise_grouped(problem.grouped(), start, strict());
  const Report dense = minimise(problem.dense(), start, strict());
  RC_ASSERT(arrow.usable());
  RC_ASSERT(std::abs(arrow.cost_start - dense.cost_start) < 1e-12 * (1 + dense.cost_start));
  RC_ASSERT(std::abs(arrow.cost_end - dense.cost_end) < 1e-9 * (1 + dense.cost_end));
  for (std::size_t j = 0; j < start.size(); ++j) RC_ASSERT(std::abs(arrow.x[j] - dense.x[j]) < 1e-5);
}

TEST(MinimiseGrouped, StopsAtTheStepLimitAndOnCancel) {
  const ArrowProblem problem(7);
  const std::vector<double> start(problem.parameters(), 5);
  Options options = strict();
  options.max_steps = 1;
  options.initial_radius = 1e-3;
  const Report limited = minimise_grouped(problem.grouped(), start, options);
  EXPECT_EQ(limited.why, Termination::step_limit);
  EXPECT_TRUE(limited.usable());
  CancelToken cancel;
  cancel.cancel();
  options.cancel = &cancel;
  EXPECT_EQ(minimise_grouped(problem.grouped(), start, options).why, Termination::cancelled);
}

TEST(MinimiseGrouped, AStartThatIsNotFiniteIsNotUsable) {
  const ArrowProblem problem(7);
  GroupedProblem broken = problem.grouped();
  broken.groups[0].evaluate = [](auto, auto, auto, auto, auto) { return false; };
  const std::vector<double> start(problem.parameters(), 1);
  const Report report = minimise_grouped(broken, start);
  EXPECT_EQ(report.why, Termination::not_finite);
  EXPECT_FALSE(report.usable());
}

}  // namespace
}  // namespace energylens::numerics
