// SPDX-License-Identifier: Apache-2.0
#include "numerics/least_squares.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "central_differences.hpp"
#include "numerics/nist_sets.hpp"

namespace energylens::numerics {
namespace {

Problem problem_of(const NistSet& set) {
  const std::size_t n = set.x.size(), k = set.certified.size();
  return {k, n, [&set, n, k](std::span<const double> b, std::span<double> f, std::span<double> jacobian) {
            std::vector<double> g(k);
            bool finite = true;
            for (std::size_t i = 0; i < n; ++i) {
              f[i] = set.value(set.x[i], b) - set.y[i];
              finite = finite && std::isfinite(f[i]);
              if (jacobian.empty()) continue;
              set.gradient(set.x[i], b, g);
              for (std::size_t j = 0; j < k; ++j) jacobian[j * n + i] = g[j];
            }
            return finite;
          }};
}

/// (x - 3)^2 + (x y - 6)^2, least at (3, 2).
Problem small_problem() {
  return {2, 2, [](std::span<const double> x, std::span<double> f, std::span<double> jacobian) {
            f[0] = x[0] - 3;
            f[1] = x[0] * x[1] - 6;
            if (jacobian.empty()) return true;
            jacobian[0] = 1, jacobian[1] = x[1];
            jacobian[2] = 0, jacobian[3] = x[0];
            return true;
          }};
}

Options strict() {
  Options options;
  options.max_steps = 500;
  options.cost_tolerance = options.step_tolerance = options.gradient_tolerance = 1e-14;
  options.initial_radius = 1e-3;  // a long first step from the far start of BoxBOD ends on a plateau
  return options;
}

class Nist : public testing::TestWithParam<NistSet> {};

TEST_P(Nist, GradientsAgreeWithCentralDifferences) {
  const NistSet& set = GetParam();
  std::vector<double> g(set.certified.size());
  for (const double x : set.x) {
    set.gradient(x, set.certified, g);
    const auto value = [&](std::span<const double> b) { return set.value(x, b); };
    const std::vector<double> expected = central_differences(value, set.certified);
    for (std::size_t j = 0; j < g.size(); ++j)
      EXPECT_NEAR(g[j], expected[j], 1e-6 * (1 + std::abs(expected[j])));
  }
}

TEST_P(Nist, CertifiedValuesAreFoundFromBothStarts) {
  const NistSet& set = GetParam();
  for (const std::vector<double>& start : set.starts) {
    const Report report = minimise(problem_of(set), start, strict());
    EXPECT_TRUE(report.usable());
    EXPECT_EQ(report.why, Termination::converged);
    EXPECT_NEAR(2 * report.cost_end / set.sum_of_squares, 1, 1e-9);
    for (std::size_t j = 0; j < set.certified.size(); ++j) {
      EXPECT_NEAR(report.x[j] / set.certified[j], 1, 1e-6) << "from " << start[0] << ", parameter " << j;
    }
  }
}

std::string test_name(const testing::TestParamInfo<NistSet>& info) {
  return std::string(info.param.name);
}

INSTANTIATE_TEST_SUITE_P(Sets, Nist, testing::ValuesIn(nist_sets()), test_name);

TEST(Minimise, ReportsWhereItBeganAndEnded) {
  const std::vector<double> start{1, 1};
  const Report report = minimise(small_problem(), start);
  EXPECT_EQ(report.why, Termination::converged);
  EXPECT_DOUBLE_EQ(report.cost_start, 0.5 * (4 + 25));
  EXPECT_LT(report.cost_end, 1e-12);
  EXPECT_GT(report.steps, 1);
  EXPECT_NEAR(report.x[0], 3, 1e-5);
  EXPECT_NEAR(report.x[1], 2, 1e-5);
}

TEST(Minimise, AStartThatIsNotFiniteIsNotUsable) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    Problem problem = small_problem();
    const auto inner = problem.evaluate;
    problem.evaluate = [&inner](auto x, auto f, auto jacobian) {
      return inner(x, f, jacobian) && std::isfinite(f[0]) && std::isfinite(f[1]);
    };
    const std::vector<double> start{bad, 1};
    const Report report = minimise(problem, start);
    EXPECT_FALSE(report.usable());
    EXPECT_EQ(report.why, Termination::not_finite);
  }
}

TEST(Minimise, StepsIntoForbiddenGroundAreTakenBack) {
  // ln x has no value below 0, where the first full step from 20 leads.
  const Problem problem{1, 1, [](std::span<const double> x, std::span<double> f, std::span<double> jacobian) {
                          f[0] = std::log(x[0]);
                          if (!jacobian.empty()) jacobian[0] = 1 / x[0];
                          return std::isfinite(f[0]);
                        }};
  const std::vector<double> start{20};
  const Report report = minimise(problem, start);
  EXPECT_TRUE(report.usable());
  EXPECT_NEAR(report.x[0], 1, 1e-5);
}

TEST(Minimise, StopsAtTheStepLimitWithTheBestPointSoFar) {
  const NistSet thurber = nist_sets().back();
  Options options = strict();
  options.max_steps = 8;
  const Report report = minimise(problem_of(thurber), thurber.starts[0], options);
  EXPECT_EQ(report.why, Termination::step_limit);
  EXPECT_TRUE(report.usable());
  EXPECT_LE(report.steps, 8);
  EXPECT_LT(report.cost_end, report.cost_start);
}

TEST(Minimise, ACancelledRunSaysSo) {
  CancelToken cancel;
  Problem problem = small_problem();
  int calls = 0;
  const auto inner = problem.evaluate;
  problem.evaluate = [&](auto x, auto f, auto jacobian) {
    if (++calls == 3) cancel.cancel();
    return inner(x, f, jacobian);
  };
  Options options = strict();
  options.cancel = &cancel;
  const std::vector<double> start{100, 100};
  EXPECT_EQ(minimise(problem, start, options).why, Termination::cancelled);
  EXPECT_LE(calls, 4);
}

TEST(Minimise, CancelledBeforeTheStartIsNotUsable) {
  CancelToken cancel;
  cancel.cancel();
  Options options;
  options.cancel = &cancel;
  const std::vector<double> start{1, 1};
  const Report report = minimise(small_problem(), start, options);
  EXPECT_EQ(report.why, Termination::cancelled);
  EXPECT_FALSE(report.usable());
}

TEST(Minimise, GivesTheSameAnswerEachTime) {
  const NistSet rat = nist_sets()[2];
  EXPECT_EQ(minimise(problem_of(rat), rat.starts[0]).x, minimise(problem_of(rat), rat.starts[0]).x);
}

TEST(Termination, EveryReasonHasItsText) {
  std::set<std::string_view> texts;
  for (const Termination why :
       {Termination::converged, Termination::step_limit, Termination::not_finite, Termination::cancelled}) {
    texts.insert(termination_text(why));
  }
  EXPECT_EQ(texts.size(), 4u);
  EXPECT_FALSE(texts.contains(""));
}

}  // namespace
}  // namespace energylens::numerics
