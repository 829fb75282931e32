// SPDX-License-Identifier: Apache-2.0
#include "energylens/eval/evaluate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "energylens/core/rng.hpp"
#include "energylens/table/table.hpp"
#include "eval/test_predictors.hpp"
#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

/// tp2, tp4 and tp8 at `batches` batches; fewer GPUs are better at low batch, more at high.
table::Group crossing_group(int batches = 12, std::string_view model = "Synthetic-70B") {
  std::vector<table::Row> rows;
  for (int batch = 1; batch <= batches; ++batch) {
    for (const char* layout : {"tp2", "tp4", "tp8"}) {
      table::Row row = synthetic::job(layout, batch, {1, 64}, 1);
      row.results.total_energy_j = true_energy(row.config);
      row.results.total_time_s = 1.0 / row.config.layout.tp;
      rows.push_back(row);
    }
  }
  return synthetic::group_of(std::move(rows), model);
}

EvaluationOptions quick(int seeds = 5, std::size_t train = 10) {
  EvaluationOptions options;
  options.protocol = SelectionOptions{.train = train, .seeds = seeds};
  return options;
}

EvaluationOptions loo(Unit unit) {
  EvaluationOptions options;
  options.protocol = LooOptions{unit};
  return options;
}

const Scores& scores(const Report& report, std::string_view name, std::size_t group = 0) {
  return std::ranges::find(report.groups[group].predictors, name, [](const auto& p) { return p.first; })
      ->second;
}

std::string json(const Report& report) {
  return io::print_json(to_json(report));
}

TEST(Evaluate, TheTruthIsRightInEveryProtocol) {
  const table::Group group = crossing_group();
  for (const EvaluationOptions& options : {quick(), loo(Unit::row), loo(Unit::scenario)}) {
    const Report report = evaluate(std::span(&group, 1), std::span(&kTruthful, 1), options);
    const Scores& truth = scores(report, "truthful");
    EXPECT_EQ(truth[Metric::top1].mean, 1);
    EXPECT_EQ(truth[Metric::pairwise].mean, 1);
    EXPECT_EQ(truth[Metric::regret_mean].mean, 0);
    EXPECT_EQ(truth[Metric::mape].mean, 0);
    EXPECT_EQ(truth[Metric::unpredicted].mean, 0);
    EXPECT_FALSE(known(truth[Metric::coverage_90].mean)) << "it states no interval";
    EXPECT_EQ(truth.effective_parameters, 3);
    EXPECT_EQ(truth.note, "");
  }
}

TEST(Evaluate, ABiasShowsInTheFigures) {
  // tp8 is best from batch 6 on: 1.1 * (8 + B/5) < 4 + B only from batch 7, by hand. One pick in twelve is
  // wrong.
  const table::Group group = crossing_group();
  const Report report = evaluate(std::span(&group, 1), std::span(&kBiased, 1), loo(Unit::scenario));
  const Scores& biased = scores(report, "biased");
  EXPECT_NEAR(biased[Metric::mape].mean, 0.1 / 3, 1e-12);
  EXPECT_EQ(biased[Metric::median_ape].mean, 0);
  EXPECT_NEAR(biased[Metric::top1].mean, 11.0 / 12, 1e-12);
  EXPECT_NEAR(biased[Metric::regret_mean].mean, (10 / 9.2 - 1) / 12, 1e-12);
}

TEST(Evaluate, LooByRowAndByScenarioAgreeForOneThatDoesNotLearn) {
  const table::Group group = crossing_group();
  const Report by_row = evaluate(std::span(&group, 1), std::span(&kBiased, 1), loo(Unit::row));
  const Report by_scenario = evaluate(std::span(&group, 1), std::span(&kBiased, 1), loo(Unit::scenario));
  for (std::size_t m = 0; m < kMetrics; ++m) {
    const double a = scores(by_row, "biased").values[m].mean,
                 b = scores(by_scenario, "biased").values[m].mean;
    EXPECT_EQ(known(a), known(b));
    if (known(a)) {
      EXPECT_DOUBLE_EQ(a, b) << metric_infos()[m].name;
    }
  }
  EXPECT_EQ(by_row.groups[0].train_used, 35u);
  EXPECT_EQ(by_scenario.groups[0].train_used, 33u);
}

TEST(Evaluate, TheSameBytesAtAnyNumberOfThreads) {
  std::vector<table::Group> groups = {crossing_group(), crossing_group(7, "Other")};
  for (table::Group& group : groups) {
    for (table::Row& row : group.rows) row.results.tpot_s = 0.001 * row.config.load.batch;
  }
  std::vector<registry::Kind> kinds = {kNoisy, kBiased, registry::find_kind("majority"),
                                       registry::find_kind("nearest"), registry::find_kind("xgboost")};
  const ProtocolOptions protocols[] = {SelectionOptions{.train = 10, .seeds = 2},
                                       LooOptions{},
                                       LearningCurveOptions{.train_sizes = {5, 10}, .seeds = 2},
                                       ExtrapolateOptions{.train = 10, .seeds = 2},
                                       LimitedOptions{.seeds = 2},
                                       TransferOptions{.sources = 1, .train_sizes = {5, 10}, .seeds = 2}};
  ASSERT_EQ(std::size(protocols), protocol_infos().size());
  for (const ProtocolOptions& protocol : protocols) {
    for (const bool pool : {false, true}) {
      EvaluationOptions one, four;
      one.protocol = protocol;
      one.compare = {{"noisy", "biased"}};
      one.fit.pool = pool;
      four = one;
      one.run.threads = 1;
      four.run.threads = 4;
      EXPECT_EQ(json(evaluate(groups, kinds, one)), json(evaluate(groups, kinds, four)))
          << info(one.kind()).name;
    }
    kinds.resize(4);  // the learner takes long, and once is enough
  }
}

TEST(Evaluate, TheOrderOfTheTableDoesNotMatter) {
  const table::Group group = crossing_group();
  const auto evaluated = [&](std::span<const std::size_t> order) {
    std::string csv = "model,gpu,row_kind,tp,batch,isl,osl,total_energy_j,total_time_s\n";
    for (const std::size_t i : order) {
      const table::Row& row = group.rows[i];
      csv += "m,g,job," + std::to_string(row.config.layout.tp) + ',' + number_text(row.config.load.batch) +
             ",1,64," + number_text(row.results.total_energy_j) + ',' +
             number_text(row.results.total_time_s) + '\n';
    }
    const std::vector<table::Group> groups = table::groups(table::parse_csv(csv, "rows"));
    const std::array kinds = {kNoisy, registry::find_kind("nearest"), registry::find_kind("threshold")};
    return json(evaluate(groups, kinds, quick()));
  };
  const std::vector<std::size_t> order = shuffled_order(1, group.rows.size());
  EXPECT_EQ(evaluated(order), evaluated(shuffled_order(2, group.rows.size())));
}

TEST(Evaluate, SeedsSpreadAndSaySo) {
  const table::Group group = crossing_group();
  const Report report = evaluate(std::span(&group, 1), std::span(&kNoisy, 1), quick(20));
  EXPECT_GT(scores(report, "noisy")[Metric::mape].sd, 0);
  EXPECT_FALSE(known(scores(report, "noisy")[Metric::regret_p95].sd)) << "pooled over seeds";
  const Report single = evaluate(std::span(&group, 1), std::span(&kNoisy, 1), quick(1));
  EXPECT_FALSE(known(scores(single, "noisy")[Metric::mape].sd));
}

TEST(Evaluate, FewerRowsThanAskedAreAllUsed) {
  const table::Group group = crossing_group();
  EXPECT_EQ(evaluate(std::span(&group, 1), std::span(&kTruthful, 1), quick(3, 10)).groups[0].train_used, 10u);
  EXPECT_EQ(evaluate(std::span(&group, 1), std::span(&kTruthful, 1), quick(3, 500)).groups[0].train_used, 24u)
      << "36 rows less 4 scenarios of 3";
}

TEST(Evaluate, RulesHaveNoErrorMetrics) {
  const table::Group group = crossing_group();
  for (const EvaluationOptions& options : {quick(), loo(Unit::row)}) {
    const Report report =
        evaluate(std::span(&group, 1), std::array{registry::find_kind("fewest-gpus")}, options);
    const Scores& rule = scores(report, "fewest-gpus");
    EXPECT_TRUE(known(rule[Metric::top1].mean));
    EXPECT_LT(rule[Metric::top1].mean, 1);
    for (const Metric metric : {Metric::mape, Metric::pairwise, Metric::unpredicted, Metric::coverage_90}) {
      EXPECT_FALSE(known(rule[metric].mean));
    }
  }
}

TEST(Evaluate, LatencyPicksNothingWhereNoTimesAreKnown) {
  table::Group group = crossing_group();
  for (table::Row& row : group.rows) row.results.total_time_s = kUnknown;
  const Report report =
      evaluate(std::span(&group, 1), std::array{registry::find_kind("latency")}, loo(Unit::scenario));
  EXPECT_FALSE(known(scores(report, "latency")[Metric::top1].mean));
}

TEST(Evaluate, LatencyPicksTheFastest) {
  const table::Group group = crossing_group();
  const Report report =
      evaluate(std::span(&group, 1), std::array{registry::find_kind("latency")}, loo(Unit::scenario));
  EXPECT_NEAR(scores(report, "latency")[Metric::top1].mean, 8.0 / 12, 1e-12)
      << "tp8: a tie at 5, best from 6 on";
  EXPECT_NEAR(report.groups[0].latency_energy_differ, 4.0 / 12, 1e-12);
  EXPECT_NEAR(report.groups[0].latency_extra_energy, scores(report, "latency")[Metric::regret_mean].mean,
              1e-12);
}

TEST(Evaluate, SameGpusAsksOtherQuestions) {
  table::Group group = crossing_group();
  const std::vector<table::Row> rows = group.rows;
  group.rows.clear();
  for (const table::Row& row : rows) {
    table::Row other = row;
    other.config.layout = {row.config.layout.tp / 2, 2, 1, 1};
    other.results.total_energy_j *= 1.2;
    group.rows.push_back(other);
    group.rows.push_back(row);
  }
  EvaluationOptions options = quick();
  EXPECT_EQ(evaluate(std::span(&group, 1), std::span(&kTruthful, 1), options).groups[0].n_scenarios, 12u);
  options.same_gpus = true;
  EXPECT_EQ(evaluate(std::span(&group, 1), std::span(&kTruthful, 1), options).groups[0].n_scenarios, 36u);
}

TEST(Evaluate, AFailedFitIsANoteAndNoCrash) {
  const table::Group group = crossing_group();
  const Report report = evaluate(std::span(&group, 1), std::array{kRefusing, kTruthful}, quick(4));
  const Scores& refusing = scores(report, "refusing");
  EXPECT_EQ(refusing.note, "4 of 4 fits failed: these rows are not to my taste");
  EXPECT_EQ(refusing[Metric::unpredicted].mean, 1);
  EXPECT_FALSE(known(refusing[Metric::top1].mean));
  EXPECT_FALSE(known(refusing[Metric::mape].mean));
  EXPECT_EQ(scores(report, "truthful")[Metric::top1].mean, 1);
}

TEST(Evaluate, GroupsWithoutScenariosHaveErrorsInLooAlone) {
  const table::Group group = synthetic::group_of(
      {synthetic::job("tp2", 1, {1, 64}, 64 * 3.4), synthetic::job("tp2", 2, {1, 64}, 64 * 4.8)});
  const Report left_out = evaluate(std::span(&group, 1), std::span(&kTruthful, 1), loo(Unit::row));
  EXPECT_NEAR(scores(left_out, "truthful")[Metric::mape].mean, 0, 1e-12);
  EXPECT_FALSE(known(scores(left_out, "truthful")[Metric::top1].mean));
  const Report selected = evaluate(std::span(&group, 1), std::span(&kTruthful, 1), quick());
  EXPECT_FALSE(known(scores(selected, "truthful")[Metric::mape].mean));
  EXPECT_EQ(selected.groups[0].n_scenarios, 0u);
}

TEST(Evaluate, OverallWeighsByScenariosAndRows) {
  const std::vector<table::Group> groups = {crossing_group(12), crossing_group(4, "Other")};
  const Report report = evaluate(groups, std::span(&kBiased, 1), loo(Unit::scenario));
  const Scores& all = report.overall[0].second;
  for (const Metric metric : {Metric::top1, Metric::regret_mean, Metric::mape}) {
    EXPECT_NEAR(
        all[metric].mean,
        (12 * scores(report, "biased", 0)[metric].mean + 4 * scores(report, "biased", 1)[metric].mean) / 16,
        1e-12);
  }
  EXPECT_EQ(all.effective_parameters, 6) << "three per group";
}

TEST(Evaluate, ACancelKeepsWhatWasDone) {
  const table::Group group = crossing_group();
  CancelToken cancel;
  EvaluationOptions options = quick(20);
  options.run.threads = 1;
  options.run.cancel = &cancel;
  options.run.progress = [&](std::size_t done, std::size_t total) {
    EXPECT_EQ(total, 20u);
    if (done == 3) cancel.cancel();
  };
  const Report report = evaluate(std::span(&group, 1), std::span(&kTruthful, 1), options);
  EXPECT_TRUE(report.cancelled);
  EXPECT_EQ(scores(report, "truthful")[Metric::top1].mean, 1);
}

TEST(Evaluate, WhoHasNoEnergyForAnyCandidateMakesNoPick) {
  const table::Group group = crossing_group();
  const Report report = evaluate(std::span(&group, 1), std::span(&kSilent, 1), quick());
  EXPECT_FALSE(known(scores(report, "silent")[Metric::top1].mean));
  EXPECT_EQ(scores(report, "silent")[Metric::unpredicted].mean, 1);
  EXPECT_EQ(scores(report, "silent").note, "") << "it did not fail";
}

}  // namespace
}  // namespace energylens::eval
