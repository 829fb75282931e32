// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "energylens/eval/evaluate.hpp"
#include "eval/latency.hpp"
#include "eval/plan.hpp"
#include "eval/test_predictors.hpp"
#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

using synthetic::steady;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Larger batches cost less per token and take longer.
///   row     0        1        2        3
///   layout  tp4 b1   tp8 b1   tp4 b8   tp8 b8
///   J/token 8        10       2        3
///   TPOT    20 ms    10 ms    50 ms    30 ms
table::Group example() {
  return synthetic::group_of({steady("tp4", 1, 1, 8, 0.020), steady("tp8", 1, 1, 10, 0.010),
                              steady("tp4", 8, 8, 2, 0.050), steady("tp8", 8, 8, 3, 0.030)});
}

/// Knows every energy; its TPOT is the true one times `factor`, with a 90 % interval of `spread` on either
/// side.
class Timed final : public Formula {
 public:
  Timed(const predictor::TrainingData& data, double factor, double spread)
      : Formula(energy, data), factor_(factor), spread_(spread) {}
  predictor::Prediction predict(std::size_t group, const table::Configuration& config) const override {
    predictor::Prediction prediction = Formula::predict(group, config);
    const double time = factor_ * tpot(config);
    prediction.tpot_s = {time, time / spread_, time * spread_};
    return prediction;
  }

 private:
  static double energy(const table::Configuration& config) {
    for (const table::Row& row : example().rows) {
      if (row.config.layout == config.layout && row.config.load.batch == config.load.batch)
        return row.scenario_energy_j();
    }
    return kUnknown;
  }
  static double tpot(const table::Configuration& config) {
    for (const table::Row& row : example().rows) {
      if (row.config.layout == config.layout && row.config.load.batch == config.load.batch)
        return row.results.tpot_s;
    }
    return kUnknown;
  }
  double factor_, spread_;
};

template <int kPercent>
std::unique_ptr<predictor::Predictor> fit_timed(const predictor::TrainingData& data,
                                                const predictor::FitOptions&) {
  return std::make_unique<Timed>(data, kPercent / 100.0, 1.2);
}
constexpr registry::Kind kExact{"exact", "", true, false, false, fit_timed<100>};
constexpr registry::Kind kHopeful{"hopeful", "", true, false, false, fit_timed<50>};
constexpr registry::Kind kFearful{"fearful", "", true, false, false, fit_timed<1000>};

EvaluationOptions under(std::vector<double> limits_s, Latency latency = Latency::measured) {
  EvaluationOptions options;
  options.protocol = LimitedOptions{.seeds = 2, .tpot_limits_s = std::move(limits_s), .latency = latency};
  return options;
}

Scores scored(const registry::Kind& kind, const EvaluationOptions& options) {
  const table::Group group = example();
  return evaluate(std::span(&group, 1), std::span(&kind, 1), options).groups[0].predictors[0].second;
}

TEST(Limited, EveryRowIsHeldOutOnceInASample) {
  const table::Group group = synthetic::smooth_group();
  const auto plan = make_plan(std::span(&group, 1), Setting{under({1}), true, true});
  ASSERT_EQ(plan->size(), 10u) << "two seeds of five folds";
  std::vector<int> times(group.rows.size());
  for (std::size_t f = 0; f < 5; ++f) {
    const Fold fold = plan->fold(f);
    EXPECT_EQ(fold.sample, 0u);
    for (const std::size_t row : fold.parts[0].test) ++times[row];
  }
  EXPECT_THAT(times, testing::Each(1));
}

TEST(Limited, AQuestionNeedsTwoThatKeepTheLimit) {
  const table::Group group = example();
  const auto questions = [&](std::vector<double> limits_s) {
    const Report report = evaluate(std::span(&group, 1), std::span(&kExact, 1), under(std::move(limits_s)));
    return report.groups[0].n_questions;
  };
  EXPECT_EQ(questions({0.010, 0.020}), 1u);
  EXPECT_EQ(questions({0.010, 0.020, 0.030, 0.050, 0.1}), 4u) << "10 ms is kept by one row alone";
}

TEST(Limited, WithoutAQuestionItIsRefused) {
  table::Group group = example();
  EvaluationOptions options;
  options.protocol = LimitedOptions{.tpot_limits_s = {0.001}};
  const auto run = [&] { evaluate({&group, 1}, {}, options); };
  EXPECT_THAT(run, ThrowsMessage<Error>(HasSubstr("no --tpot limit is met by two")));
  for (table::Row& row : group.rows) row.results.tpot_s = row.results.total_time_s = kUnknown;
  EXPECT_THAT(run, ThrowsMessage<Error>(HasSubstr("no row has both an energy and a latency")));
}

TEST(Limited, MeasuredLatencyLeavesEnergyToDecide) {
  const Scores scores = scored(kFearful, under({0.020, 0.030, 0.050}));
  EXPECT_EQ(scores[Metric::top1].mean, 1) << "its TPOT does not matter";
  EXPECT_EQ(scores[Metric::breach_rate].mean, 0);
  EXPECT_EQ(scores[Metric::regret_mean].mean, 0);
  EXPECT_EQ(scores[Metric::pairwise].mean, 1);
}

TEST(Limited, APredictorThatHopesBreaksTheLimit) {
  // It halves times: 20 ms lead it to tp8 b8 (30 ms in truth), 30 ms to tp4 b8 (50); 50 ms are kept by all.
  const Scores scores = scored(kHopeful, under({0.020, 0.030, 0.050}, Latency::predicted));
  EXPECT_NEAR(scores[Metric::breach_rate].mean, 2.0 / 3, 1e-12);
  EXPECT_NEAR(scores[Metric::top1].mean, 1.0 / 3, 1e-12);
  EXPECT_EQ(scores[Metric::regret_mean].mean, 0) << "of the one pick that keeps its limit";
  EXPECT_NEAR(scores[Metric::tpot_mape].mean, 0.5, 1e-12);
}

TEST(Limited, ASmallRiskMakesCareful) {
  EvaluationOptions options = under({0.050}, Latency::predicted);
  EXPECT_EQ(scored(kExact, options)[Metric::top1].mean, 1) << "50 ms against 50: a chance of one half";
  std::get<LimitedOptions>(options.protocol).breach_risk = 0.1;
  const Scores careful = scored(kExact, options);
  EXPECT_EQ(careful[Metric::top1].mean, 0);
  EXPECT_EQ(careful[Metric::breach_rate].mean, 0);
  EXPECT_NEAR(careful[Metric::regret_mean].mean, 0.5, 1e-12) << "3 J instead of 2";
}

TEST(Limited, WhoBelievesNothingKeepsTheLimitTakesTheLeastRisk) {
  const Scores scores = scored(kFearful, under({0.020}, Latency::predicted));
  EXPECT_EQ(scores[Metric::breach_rate].mean, 0);
  EXPECT_NEAR(scores[Metric::regret_mean].mean, 10.0 / 8 - 1, 1e-12) << "tp8 b1, the fastest";
}

TEST(Limited, ARulePicksALayoutForTheLargestBatch) {
  table::Group group = example();
  group.rows[3].results.energy_per_out_token_j = 1;  // tp8 b8
  const std::array kinds = {registry::find_kind("fewest-gpus"), registry::find_kind("latency")};
  const ScoresByName scores =
      evaluate(std::span(&group, 1), kinds, under({0.030, 0.050})).groups[0].predictors;
  const Scores &fewest = scores[0].second, &latency = scores[1].second;
  // 30 ms leave tp8 alone with batch 8, the best. Under 50 ms it is tp4 b8, 2 J instead of 1.
  EXPECT_EQ(fewest[Metric::top1].mean, 0.5);
  EXPECT_NEAR(fewest[Metric::regret_mean].mean, 0.5, 1e-12);
  EXPECT_EQ(fewest[Metric::breach_rate].mean, 0);
  EXPECT_NEAR(latency[Metric::regret_mean].mean, 9, 1e-12) << "the fastest of all, tp8 b1: 10 J instead of 1";
  const EvaluationOptions predicted = under({0.050}, Latency::predicted);
  EXPECT_FALSE(known(scored(kinds[0], predicted)[Metric::top1].mean)) << "it has no idea of latency";
}

TEST(Limited, WithoutATimeThereIsANoteAndNoFigure) {
  const table::Group group = example();
  const Report report =
      evaluate(std::span(&group, 1), std::span(&kTruthful, 1), under({0.050}, Latency::predicted));
  EXPECT_FALSE(known(report.overall[0].second[Metric::top1].mean));
  EXPECT_THAT(
      report.notes,
      testing::Contains(
          "truthful does not predict the time per output token, so it makes no choice under a predicted limit"));
}

TEST(Limited, JobsAreComparedPerTokenAndAtEqualLengths) {
  const auto job = [](const char* layout, double batch, double osl, double energy) {
    table::Row row = synthetic::job(layout, batch, {1, osl}, energy);
    row.results.tpot_s = 0.01;
    return row;
  };
  // Per token 1.0 and 0.5 J at osl 64; the job at osl 128 has no rival.
  const table::Group group =
      synthetic::group_of({job("tp4", 1, 64, 64), job("tp4", 8, 64, 256), job("tp4", 1, 128, 12.8)});
  EvaluationOptions options = under({0.02});
  std::get<LimitedOptions>(options.protocol).seeds = 1;
  const Report report = evaluate(std::span(&group, 1), std::span(&kTruthful, 1), options);
  EXPECT_EQ(report.groups[0].n_questions, 1u);
  EXPECT_EQ(report.groups[0].predictors[0].second[Metric::top1].mean, 1) << "5 and 9/8 J per token, it says";
}

TEST(MeasuredTpot, IsTheColumnOrFollowsFromTimes) {
  table::Row row = synthetic::job("tp4", 1, {1, 101}, 1, 3);
  EXPECT_FALSE(known(measured_tpot_s(row)));
  row.results.ttft_s = 1;
  EXPECT_DOUBLE_EQ(measured_tpot_s(row), 0.02);
  row.results.tpot_s = 0.03;
  EXPECT_EQ(measured_tpot_s(row), 0.03);
  row.results.tpot_s = kUnknown;
  row.config.load.osl = 1;
  EXPECT_FALSE(known(measured_tpot_s(row)));
}

}  // namespace
}  // namespace energylens::eval
