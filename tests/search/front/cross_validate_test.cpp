// SPDX-License-Identifier: Apache-2.0
#include "search/front/cross_validate.hpp"

#include <gtest/gtest.h>

#include "search/samples.hpp"
#include "search/tree/to_expr.hpp"

namespace energylens::search {
namespace {

Problem noisy(double noise, std::size_t folds = 5) {
  Problem p = sample_problem("4*x^2 + 3*y", {{"x"}, {"y"}}, "1", 60, noise);
  for (std::size_t i = 0; i < p.rows(); ++i) p.folds.push_back(i % folds);
  return p;
}

Member fitted(const Bench& bench, const std::string& formula) {
  Tree tree;
  tree.parts.push_back(from_expr(expr::parse(formula), bench.primitives.names));
  return *CandidateEvaluator(bench.context).evaluate(std::move(tree), nullptr);
}

TEST(CrossValidation, OfTheTruthIsTheNoise) {
  Options options = small_search();
  options.loss = Loss::relative;
  const Bench bench(noisy(0.05), options);
  const Member truth = fitted(bench, "4*x^2 + 3*y");
  const Validation v = cross_validate({&truth}, bench.context, bench.problem, bench.form, {})[0];
  EXPECT_NEAR(std::sqrt(v.loss), 0.05, 0.015);
  EXPECT_GT(v.loss, truth.loss()) << "rows left out are not fitted";
  EXPECT_NEAR(v.mape, 0.04, 0.01);
}

TEST(CrossValidation, ALeftOutRowTeachesNothing) {
  Options options = small_search();
  options.loss = Loss::relative;
  Problem clean = noisy(0), spoilt = clean;
  spoilt.target[7] *= 100;  // its fold is 2: the others still give the truth
  const Bench a(clean, options), b(spoilt, options);
  const Member truth = fitted(b, "4*x^2 + 3*y");
  const Validation v = cross_validate({&truth}, b.context, b.problem, b.form, {})[0];
  const Member exact = fitted(a, "4*x^2 + 3*y");
  EXPECT_LT(cross_validate({&exact}, a.context, a.problem, a.form, {})[0].loss, 1e-20);
  EXPECT_GT(v.loss, 1e-3);
  // The outlier is alone in its fold, so the other rows predict its true value exactly.
  for (std::size_t& fold : spoilt.folds) fold = 0;
  spoilt.folds[7] = 1;
  const Bench c(spoilt, options);
  const Member again = fitted(c, "4*x^2 + 3*y");
  const Validation alone = cross_validate({&again}, c.context, c.problem, c.form, {})[0];
  EXPECT_GT(alone.mape, 0.5) << "fold 0 is forecast from the spoilt row only";
}

TEST(CrossValidation, WithoutFoldsNothingIsKnown) {
  const Bench bench(sample_problem("4*x^2 + 3*y", {{"x"}, {"y"}}));
  const Member truth = fitted(bench, "4*x^2 + 3*y");
  EXPECT_FALSE(known(cross_validate({&truth}, bench.context, bench.problem, bench.form, {})[0].loss));
}

TEST(CrossValidation, KeepsSharedMisfitFromBuyingTerms) {
  // A step that no formula of the search has. With the noise of repeats alone, longer formulas that follow
  // it would be chosen.
  Problem p = sample_problem("4*x + 3", {{"x", "1", 1, 20}, {"z"}}, "1", 80, 0.002);
  for (std::size_t i = 0; i < p.rows(); ++i)
    p.target[i] *= std::fmod(p.inputs[0].values[i], 3) > 1.5 ? 1.04 : 1;
  p.noise_sd = 0.002;
  Options options = small_search(300);
  options.loss = Loss::relative;
  const Front plain = search(p, options);
  for (std::size_t i = 0; i < p.rows(); ++i)
    p.folds.push_back(static_cast<std::size_t>(p.inputs[0].values[i]) / 2);
  const Front folded = search(p, options);
  EXPECT_LE(folded.chosen().complexity, plain.chosen().complexity)
      << folded.chosen().text() << " " << plain.chosen().text();
  for (const Formula& f : folded.formulas) EXPECT_TRUE(known(f.cv_mape) || f.loss > 1e-3);
}

}  // namespace
}  // namespace energylens::search
