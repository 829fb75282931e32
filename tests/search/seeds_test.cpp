// SPDX-License-Identifier: Apache-2.0
// Small formulas are found by enumeration alone.
#include "search/seeds.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace energylens::search {
namespace {

double best_of_stage(const Bench& bench, int stage) {
  Judge judge(bench.setting);
  double best = 1;
  for (Tree& tree : seeds(bench.setting, bench.problem, stage, {.threads = 2, .progress = {}, .cancel = nullptr})) {
    if (const std::optional<Member> m = judge.judge(std::move(tree), nullptr))
      best = std::min(best, m->loss());
  }
  return best;
}

TEST(Seeds, FindSumsOfProducts) {
  const Bench two(sample_problem("3*x*y + 0.5*z^2", {{"x"}, {"y"}, {"z"}}));
  EXPECT_LT(best_of_stage(two, 0), 1e-20);
  const Bench three(sample_problem("x*y + 2*z*u + v*w", {{"x"}, {"y"}, {"z"}, {"u"}, {"v"}, {"w"}}));
  EXPECT_LT(best_of_stage(three, 0), 1e-20);
}

TEST(Seeds, ReadProductsOffLogarithms) {
  const Bench root(sample_problem("m/sqrt(1 - (v/c)^2)", {{"m"}, {"v", "byte/s"}, {"c", "byte/s", 6, 9}}));
  EXPECT_LT(best_of_stage(root, 1), 1e-20);
  const Bench exponential(sample_problem("x*exp(-y/z)", {{"x"}, {"y"}, {"z"}}));
  EXPECT_LT(best_of_stage(exponential, 1), 1e-20);
}

TEST(Seeds, FindSumsInsidePowers) {
  const Bench lens(sample_problem("1/(1/x + 2/y)", {{"x"}, {"y"}}));
  EXPECT_LT(best_of_stage(lens, 2), 1e-20);
  const Bench distance(sample_problem("sqrt(x^2 + y^2 + z^2)", {{"x"}, {"y"}, {"z"}}));
  EXPECT_LT(best_of_stage(distance, 3), 1e-20);
}

}  // namespace
}  // namespace energylens::search
