// SPDX-License-Identifier: Apache-2.0
// Nothing of a held-out row but its configuration reaches a predictor.
#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "energylens/eval/evaluate.hpp"
#include "eval/plan.hpp"
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

/// Counts the blank rows of its groups, and fails if one of them is a training row.
class Spy final : public Formula {
 public:
  Spy(const predictor::TrainingData& data, bool sees_time)
      : Formula(true_energy, data), sees_time_(sees_time) {
    ++fits;
    for (const predictor::TrainingGroup& training : data) {
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

std::unique_ptr<predictor::Predictor> fit_spy(const predictor::TrainingData& data,
                                              const predictor::FitOptions&) {
  return std::make_unique<Spy>(data, false);
}
std::unique_ptr<predictor::Predictor> fit_timed_spy(const predictor::TrainingData& data,
                                                    const predictor::FitOptions&) {
  return std::make_unique<Spy>(data, true);
}

constexpr std::array kSpies = {registry::Kind{"spy", "", true, false, false, fit_spy},
                               registry::Kind{"timed spy", "", false, true, true, fit_timed_spy}};

struct Asked {
  std::string name;
  EvaluationOptions options;
};

EvaluationOptions base(ProtocolOptions protocol, bool pool) {
  EvaluationOptions options;
  options.protocol = std::move(protocol);
  options.fit.pool = pool;
  return options;
}

constexpr int kSeeds = 4;
constexpr std::size_t kAllRows = 1000;

using AllSettings = std::vector<std::pair<std::string, ProtocolOptions>>;

/// Selections, or curves of them, with each way to hold out and to draw.
template <class Own>
void add_selections(const std::string& name, Own whole, Own few, AllSettings& all) {
  all.emplace_back(name, whole);
  for (const Axis axis : {Axis::batch, Axis::osl}) {
    Own blocked = whole;
    blocked.blocked = axis;
    all.emplace_back(name + " blocked " + std::string(axis_name(axis)), blocked);
  }
  if constexpr (requires { few.sampling; }) {
    for (const design::StrategyInfo& strategy : design::strategy_infos()) {
      few.sampling = strategy.strategy;
      all.emplace_back(name + " by " + std::string(strategy.name), few);
    }
  }
}

/// Every protocol with each of its settings that changes what is held out.
std::vector<Asked> all_settings(bool pool) {
  AllSettings all;
  add_selections("selection", SelectionOptions{.train = kAllRows, .seeds = kSeeds},
                 SelectionOptions{.train = 20, .seeds = kSeeds}, all);
  add_selections("learning-curve", LearningCurveOptions{.train_sizes = {10, kAllRows}, .seeds = kSeeds},
                 LearningCurveOptions{.train_sizes = {20}, .seeds = kSeeds}, all);
  const TransferOptions transfer{.sources = 1, .train_sizes = {10, kAllRows}, .seeds = kSeeds};
  add_selections("transfer", transfer, transfer, all);
  for (const Axis axis : {Axis::batch, Axis::osl, Axis::isl, Axis::layout}) {
    all.emplace_back("extrapolate " + std::string(axis_name(axis)),
                     ExtrapolateOptions{.train = kAllRows, .seeds = kSeeds, .axis = axis});
  }
  for (const Unit unit : {Unit::row, Unit::scenario}) all.emplace_back("loo", LooOptions{unit});
  for (const Latency latency : {Latency::measured, Latency::predicted}) {
    all.emplace_back("limited",
                     LimitedOptions{.seeds = kSeeds, .tpot_limits_s = {0.01, 1}, .latency = latency});
  }
  std::vector<Asked> out;
  for (auto& [name, protocol] : all) out.push_back({name, base(std::move(protocol), pool)});
  return out;
}

TEST(AllSettings, CoverEveryProtocol) {
  std::set<std::size_t> covered;
  for (const Asked& asked : all_settings(false)) covered.insert(asked.options.protocol.index());
  EXPECT_EQ(covered.size(), protocol_infos().size()) << "a protocol is missing above";
}

/// With a time per output token, so that limits have something to hold.
table::Group timed_group(std::string_view model, double scale) {
  table::Group group = synthetic::smooth_group(model, scale);
  for (table::Row& row : group.rows) row.results.tpot_s = row.results.total_time_s / row.config.load.osl;
  return group;
}

class Leak : public testing::TestWithParam<bool> {};

TEST_P(Leak, HeldOutResultsAreBlankEverywhere) {
  const std::vector<table::Group> groups = {timed_group("A", 1), timed_group("B", 2)};
  for (const auto& [name, options] : all_settings(GetParam())) {
    SCOPED_TRACE(name);
    fits = questions = blank_rows = 0;
    evaluate(groups, kSpies, options);
    EXPECT_GT(fits, 0u);
    EXPECT_GE(blank_rows, fits) << "every fit had something to be kept from";
    const auto* const extrapolate = std::get_if<ExtrapolateOptions>(&options.protocol);
    const auto* const limited = std::get_if<LimitedOptions>(&options.protocol);
    const bool leaves_layouts_out = extrapolate && extrapolate->axis == Axis::layout;
    const bool picks_from_predictions = limited && limited->latency == Latency::predicted;
    EXPECT_EQ(questions > 0, !leaves_layouts_out && !picks_from_predictions);
  }
}

TEST_P(Leak, TrainingRowsAreNeitherTestedNorWithheld) {
  const std::vector<table::Group> groups = {timed_group("A", 1), timed_group("B", 2)};
  for (const auto& [name, options] : all_settings(GetParam())) {
    if (options.kind() == Protocol::learning_curve) continue;  // it is made of selections
    SCOPED_TRACE(name);
    for (const bool energies : {true, false}) {
      const auto plan = make_plan(groups, Setting{options, true, energies, kAllRows});
      for (std::size_t f = 0; f < plan->size(); ++f) {
        for (const Part& part : plan->fold(f).parts) {
          std::set<std::size_t> hidden(part.test.begin(), part.test.end());
          for (const std::size_t row : part.withheld) EXPECT_TRUE(hidden.insert(row).second);
          for (const std::size_t row : part.train) EXPECT_FALSE(hidden.contains(row));
          for (const table::Scenario& scenario : part.scenarios) {
            for (const std::size_t row : scenario.rows) EXPECT_FALSE(hidden.contains(row));
          }
          for (const HeldOutQuestion& question : part.questions) {
            for (const std::size_t row : question.rows) EXPECT_TRUE(hidden.contains(row));
          }
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Protocols, Leak, testing::Bool(),
                         [](const auto& test) { return test.param ? "pooled" : "alone"; });

}  // namespace
}  // namespace energylens::eval
