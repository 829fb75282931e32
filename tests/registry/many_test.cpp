// SPDX-License-Identifier: Apache-2.0
// Columns of configurations and single ones must give the same answers, whichever way each of them is computed.
#include "energylens/registry/many.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/registry/kinds.hpp"
#include "synthetic_group.hpp"

namespace energylens::registry {
namespace {

std::unique_ptr<predictor::Predictor> fitted(std::string_view kind, table::Group group) {
  predictor::FitOptions options;
  options.run.threads = 1;
  return find_kind(kind).fit(predictor::all_rows(std::span(&group, 1)), options);
}

RunOptions on_threads(int threads) {
  RunOptions run;
  run.threads = threads;
  return run;
}

/// Jobs and steady rows of fitted and other layouts, inside the domain and outside it; some lack optional cells.
table::Table random_table(std::uint64_t seed, std::size_t rows) {
  Rng rng(seed);
  std::ostringstream csv;
  csv << "layout,row_kind,batch,max_batch,isl,osl,cached_tokens,kv_capacity_tokens\n";
  const char* const layouts[] = {"tp2pp2", "tp4", "tp8", "tp4dp2", "tp1", "tp4pp2dp4"};
  for (std::size_t i = 0; i < rows; ++i) {
    const auto rarely = [&](std::uint64_t value) { return rng.below(8) == 0 ? std::to_string(value) : ""; };
    const std::uint64_t isl = 1 + rng.below(4000);
    csv << layouts[rng.below(6)] << ',' << (rng.below(6) == 0 ? "steady" : "job") << ',' << 1 + rng.below(300)
        << ',' << rarely(1 + rng.below(64)) << ',' << isl << ',' << 1 + rng.below(1000) << ','
        << rarely(rng.below(isl)) << ',' << rarely(20000 + rng.below(90000)) << '\n';
  }
  return table::parse_csv(csv.str(), "c.csv", table::ResultColumns::optional);
}

void expect_equal(double one, double other) {
  if (!known(one) || !known(other)) {
    EXPECT_EQ(known(one), known(other));
  } else {
    EXPECT_NEAR(one, other, 1e-11 * std::abs(other));
  }
}

void expect_the_same_both_ways(const predictor::Predictor& predictor, const table::Configurations& configs) {
  const PredictedColumns columns = predict_values(predictor, 0, configs);
  for (std::size_t row = 0; row < configs.rows(); ++row) {
    SCOPED_TRACE(row);
    const predictor::Prediction one = predict_one(predictor, 0, configs[row]);
    expect_equal(columns.total_energy_j[row], one.total_energy_j.value);
    expect_equal(columns.energy_per_out_token_j[row], one.energy_per_out_token_j.value);
    expect_equal(columns.total_time_s[row], one.total_time_s.value);
    expect_equal(columns.avg_power_w[row], one.avg_power_w.value);
    EXPECT_EQ(columns.inside_domain[row] != 0, one.inside_domain);
  }
}

TEST(PredictMany, GivesTheAnswersOfSingleConfigurations) {
  const auto law = fitted("law", synthetic::smooth_group());
  const table::Table table = random_table(1, 3000);
  expect_the_same_both_ways(*law, table::configurations(table));
}

TEST(PredictMany, GivesThemForPlainJobsToo) {
  const auto law = fitted("law", synthetic::smooth_group());
  const table::Table table = random_table(2, 1000);
  table::Configurations plain = table::configurations(table);
  plain.steady.clear();
  plain.max_batch = plain.cached_tokens = plain.kv_capacity_tokens = {};
  expect_the_same_both_ways(*law, plain);
}

TEST(PredictMany, AsksEveryOtherPredictorRowByRow) {
  const auto corrected = fitted("law+residual", synthetic::smooth_group());
  const table::Table table = random_table(3, 60);
  expect_the_same_both_ways(*corrected, table::configurations(table));
}

TEST(PredictMany, PowersThatNoGpuDrawsAreOutsideTheDomain) {
  table::Group group = synthetic::smooth_group();
  group.identity.key.emplace_back("power_limit_w", "100");  // the rows draw 200 W
  const auto law = fitted("law", group);
  const table::Table table = random_table(4, 500);
  const table::Configurations configs = table::configurations(table);
  expect_the_same_both_ways(*law, configs);
  const PredictedColumns columns = predict_values(*law, 0, configs);
  EXPECT_THAT(columns.inside_domain, testing::Each(0));
}

TEST(PredictMany, DoesNotDependOnTheNumberOfThreads) {
  const auto law = fitted("law", synthetic::smooth_group());
  const table::Table table = random_table(5, 40000);
  table::Configurations plain = table::configurations(table);
  plain.steady.clear();
  plain.max_batch = plain.cached_tokens = plain.kv_capacity_tokens = {};
  EXPECT_EQ(predict_values(*law, 0, plain, on_threads(1)).total_energy_j,
            predict_values(*law, 0, plain, on_threads(3)).total_energy_j);
}

TEST(PredictMany, StopsWhenItIsCancelled) {
  const auto law = fitted("law", synthetic::smooth_group());
  const table::Table table = random_table(6, 10);
  CancelToken cancel;
  cancel.cancel();
  RunOptions run;
  run.cancel = &cancel;
  const table::Configurations configs = table::configurations(table);
  EXPECT_THROW(predict_values(*law, 0, configs, run), Error);
  EXPECT_THROW(predict_rows(*law, 0, configs, 0, 10, run), Error);
}

TEST(FirstUnanswerable, NamesRowColumnAndReason) {
  const auto law = fitted("law", synthetic::smooth_group());
  const auto mistake = [&law](const std::string& row, double context = kUnknown) {
    const table::Table table =
        table::parse_csv("layout,batch,isl,osl,cached_tokens\ntp4,1,8,8,\n" + row + '\n', "c.csv",
                         table::ResultColumns::optional);
    const auto found = first_unanswerable(*law, 0, table::configurations(table), context);
    return found ? std::to_string(found->row) + ' ' + found->column + ": " + found->reason : "";
  };
  EXPECT_EQ(mistake("tp4,4,8,8,8"), "");
  EXPECT_EQ(mistake("tp4,,8,8,"), "1 batch: a configuration requires a batch above 0");
  EXPECT_EQ(mistake("tp4,4,8,,"), "1 osl: a configuration requires an osl above 0");
  EXPECT_EQ(mistake("tp4,4,,8,"), "1 isl: this model requires isl");
  EXPECT_EQ(
      mistake("tp4,4,90,9,", 90),
      "1 isl: a request of 99 tokens (input and output) is longer than the context of Synthetic-70B, 90 tokens");
}

}  // namespace
}  // namespace energylens::registry
