// SPDX-License-Identifier: Apache-2.0
// Training rows that are picked by a design.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/eval/evaluate.hpp"
#include "eval/plan.hpp"
#include "eval/sampler.hpp"
#include "eval/settings.hpp"
#include "eval/test_predictors.hpp"
#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

EvaluationOptions options_of(design::Strategy sampling) {
  EvaluationOptions options;
  options.protocol = SelectionOptions{.train = 20, .seeds = 2, .sampling = sampling};
  options.fit.starts = 2;
  return options;
}

class Sampling : public testing::TestWithParam<design::Strategy> {
 protected:
  table::Group group_ = synthetic::smooth_group();
  std::span<const table::Group> groups_{&group_, 1};
};

TEST_P(Sampling, PicksOnceFromThePool) {
  const auto plan = make_plan(groups_, Setting{options_of(GetParam()), true, true});
  for (std::size_t f = 0; f < plan->size(); ++f) {
    const Part part = plan->fold(f).parts[0];
    EXPECT_EQ(part.train.size(), 20u);
    const std::set<std::size_t> once(part.train.begin(), part.train.end());
    EXPECT_EQ(once.size(), 20u);
    for (const std::size_t row : part.test) EXPECT_FALSE(once.contains(row));
    EXPECT_EQ(plan->fold(f).parts[0].train, part.train) << "the same again";
  }
}

/// The results of rows that were never picked, held out or not, may be anything: the picks stay.
TEST_P(Sampling, SeesNoResultBeforeItHasPickedTheRow) {
  const Setting setting{options_of(GetParam()), true, true};
  const std::vector<std::size_t> picks = make_plan(groups_, setting)->fold(1).parts[0].train;
  std::set<std::size_t> shown(picks.begin(), picks.end());
  Rng rng(4);
  for (std::size_t row = 0; row < group_.rows.size(); ++row) {
    if (shown.contains(row)) continue;
    group_.rows[row].results.total_energy_j *= std::exp(rng.normal());
    group_.rows[row].results.total_time_s *= std::exp(rng.normal());
  }
  EXPECT_EQ(make_plan(groups_, setting)->fold(1).parts[0].train, picks);
}

TEST_P(Sampling, HoldsOutWhatRandomSamplingHoldsOut) {
  const auto designed = make_plan(groups_, Setting{options_of(GetParam()), true, true});
  const auto random = make_plan(groups_, Setting{options_of(design::Strategy::random), true, true});
  EXPECT_EQ(designed->fold(1).parts[0].test, random->fold(1).parts[0].test);
}

TEST_P(Sampling, IsReportedUnlessAtRandom) {
  const Report report = evaluate(groups_, std::array{kTruthful}, options_of(GetParam()));
  const io::Json json = to_json(report);
  if (GetParam() == design::Strategy::random) {
    EXPECT_EQ(json.find("sampling"), nullptr);
  } else {
    EXPECT_EQ(json.text("sampling"), design::info(GetParam()).name);
  }
  EXPECT_EQ(report.groups[0].train_used, 20u);
}

TEST_P(Sampling, DoesNotDependOnTheNumberOfThreads) {
  EvaluationOptions options = options_of(GetParam());
  options.run.threads = 1;
  const std::array kinds = {kNoisy, registry::find_kind("nearest")};
  const std::string one = io::print_json(to_json(evaluate(groups_, kinds, options)));
  options.run.threads = 4;
  EXPECT_EQ(io::print_json(to_json(evaluate(groups_, kinds, options))), one);
}

INSTANTIATE_TEST_SUITE_P(Strategies, Sampling,
                         testing::Values(design::Strategy::random, design::Strategy::spread,
                                         design::Strategy::d_optimal, design::Strategy::i_optimal,
                                         design::Strategy::sequential),
                         [](const auto& test) {
                           std::string name(design::info(test.param).name);
                           std::erase(name, '-');
                           return name;
                         });

TEST(SamplingByADesign, IsPassedOnToEachReportOfALearningCurve) {
  EvaluationOptions options;
  options.protocol = LearningCurveOptions{.train_sizes = {10, 20}, .sampling = design::Strategy::spread};
  for (const Setting& setting : settings(options)) {
    EXPECT_EQ(std::get<SelectionOptions>(setting.options.protocol).sampling, design::Strategy::spread);
  }
}

TEST(SamplingByADesign, TakesAllRowsIfThereAreFewer) {
  const table::Group group = synthetic::smooth_group();
  EvaluationOptions options = options_of(design::Strategy::sequential);
  std::get<SelectionOptions>(options.protocol).train = 1000;
  const Part part = make_plan(std::span(&group, 1), Setting{options, true, true})->fold(0).parts[0];
  EXPECT_EQ(part.train.size() + part.test.size(), group.rows.size());
}

TEST(SamplingByADesign, TakesNothingAfterACancel) {
  const table::Group group = synthetic::smooth_group();
  CancelToken cancel;
  cancel.cancel();
  design::DesignOptions options;
  options.strategy = design::Strategy::spread;
  options.fit.run.cancel = &cancel;
  const Sampler sampler(std::span(&group, 1), options);
  EXPECT_TRUE(
      sampler.rows({0, 0}, std::vector<bool>(group.rows.size(), true), table::scenarios(group)).empty());
}

}  // namespace
}  // namespace energylens::eval
