// SPDX-License-Identifier: Apache-2.0
// Nothing of a held-out row but its configuration reaches a predictor.
#include <gtest/gtest.h>

#include <atomic>

#include "energylens/eval/evaluate.hpp"
#include "eval/test_predictors.hpp"
#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

std::atomic<std::size_t> fits = 0, questions = 0, blank_rows = 0;

bool blank(const table::Results& results, bool times_allowed) {
  return !known(results.total_energy_j) && !known(results.prefill_energy_j) &&
         !known(results.decode_energy_j) && !known(results.energy_per_out_token_j) &&
         !known(results.energy_per_request_j) && !known(results.avg_power_w) &&
         (times_allowed || !known(results.total_time_s));
}

/// Remembers which rows of its training group are blank and fails when one of them is meant to teach.
class Spy final : public Formula {
 public:
  Spy(const model::TrainingData& data, bool sees_time) : Formula(true_energy, data), sees_time_(sees_time) {
    ++fits;
    for (const model::TrainingGroup& training : data) {
      for (const table::Row& row : training.group->rows) blank_rows += blank(row.results, false) ? 1 : 0;
      for (const std::size_t row : training.rows)
        EXPECT_TRUE(known(training.group->rows[row].scenario_energy_j()));
      for (const table::Scenario& scenario : training.scenarios) {
        for (const std::size_t row : scenario.rows) {
          EXPECT_TRUE(known(training.group->rows[row].scenario_energy_j()));
        }
      }
    }
  }
  std::size_t choose(std::size_t group, std::span<const table::Row> candidates) const override {
    ++questions;
    for (const table::Row& row : candidates) {
      EXPECT_TRUE(blank(row.results, sees_time_));
      EXPECT_EQ(known(row.results.total_time_s), sees_time_);
    }
    return Formula::choose(group, candidates);
  }

 private:
  bool sees_time_;
};

std::unique_ptr<model::Predictor> fit_spy(const model::TrainingData& data, const model::FitOptions&) {
  return std::make_unique<Spy>(data, false);
}
std::unique_ptr<model::Predictor> fit_timed_spy(const model::TrainingData& data, const model::FitOptions&) {
  return std::make_unique<Spy>(data, true);
}

constexpr std::array kSpies = {predictors::Kind{"spy", "", true, false, false, fit_spy},
                               predictors::Kind{"timed spy", "", false, true, true, fit_timed_spy}};

class Leak : public testing::TestWithParam<std::tuple<Protocol, Unit, bool>> {};

TEST_P(Leak, HeldOutResultsAreBlankEverywhere) {
  const std::vector<table::Group> groups = {synthetic::smooth_group("A"), synthetic::smooth_group("B", 2)};
  Options options;
  options.seeds = 4;
  options.train = 1000;
  std::tie(options.protocol, options.unit, options.fit.pool) = GetParam();
  fits = questions = blank_rows = 0;
  evaluate(groups, kSpies, options);
  EXPECT_GT(fits, 0u);
  EXPECT_GE(blank_rows, fits) << "every fit had something to be kept from";
  EXPECT_GT(questions, 0u);
}

INSTANTIATE_TEST_SUITE_P(Protocols, Leak,
                         testing::Combine(testing::Values(Protocol::selection, Protocol::loo),
                                          testing::Values(Unit::row, Unit::scenario), testing::Bool()));

}  // namespace
}  // namespace energylens::eval
