// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "design/loads.hpp"
#include "design/problems.hpp"

namespace energylens::design {
namespace {

/// What `spread` makes small, by its definition.
double coverage(const Problem& problem, const std::vector<std::size_t>& picks) {
  double sum = 0;
  for (const WorkloadQuestion& question : problem.workload) {
    double nearest = std::numeric_limits<double>::infinity();
    const table::Load& asked = problem.places[question.places.front()].load;
    for (const std::size_t pick : picks)
      nearest = std::min(nearest, log_distance(asked, problem.places[pick].load));
    for (const table::Row& row : problem.measured)
      nearest = std::min(nearest, log_distance(asked, row.config.load));
    sum += question.weight * nearest;
  }
  return sum;
}

/// A line of batches, three layouts each.
Problem line(const std::vector<double>& batches) {
  std::vector<table::Row> rows;
  for (const double batch : batches) {
    for (const char* layout : {"tp2", "tp4", "tp8"})
      rows.push_back(synthetic::job(layout, batch, {1, 100}, 1));
  }
  return grid_of(synthetic::group_of(std::move(rows)));
}

std::vector<double> batches_of(const Problem& problem, const std::vector<std::size_t>& picks) {
  std::vector<double> out;
  for (const std::size_t pick : picks) out.push_back(problem.places[pick].load.batch);
  return out;
}

TEST(Spread, BeginsInTheMiddleAndThenTakesTheEnds) {
  const Problem problem = line({1, 2, 4, 8, 16, 32, 64});
  const std::vector<std::size_t> picks = propose(problem, options_of(Strategy::spread, 9)).picks;
  const std::vector<double> batches = batches_of(problem, picks);
  EXPECT_EQ(std::vector<double>(batches.begin(), batches.begin() + 3), (std::vector<double>{8, 8, 8}));
  const std::set<double> then(batches.begin() + 3, batches.end());
  EXPECT_TRUE(then == (std::set<double>{2, 32}) || then == (std::set<double>{1, 32}) ||
              then == (std::set<double>{2, 64}))
      << *then.begin() << ' ' << *then.rbegin();
}

TEST(Spread, EveryStepIsTheBestOne) {
  const Problem problem = grid_of(synthetic::smooth_group());
  const std::vector<std::size_t> picks = propose(problem, options_of(Strategy::spread, 15)).picks;
  for (std::size_t done = 0; done < picks.size(); done += 3) {
    std::vector<std::size_t> with(picks.begin(), picks.begin() + static_cast<std::ptrdiff_t>(done + 1));
    const double chosen = coverage(problem, with);
    for (const std::size_t other : problem.candidates) {
      with.back() = other;
      EXPECT_LE(chosen, coverage(problem, with) * (1 + 1e-9));
    }
  }
}

TEST(Spread, MeasuresALoadInAllLayouts) {
  const Problem problem = grid_of(synthetic::smooth_group());
  const std::vector<std::size_t> picks = propose(problem, options_of(Strategy::spread, 30)).picks;
  std::map<LoadKey, std::set<table::Layout>> layouts;
  for (const std::size_t pick : picks)
    layouts[key_of(problem.places[pick].load)].insert(problem.places[pick].layout);
  EXPECT_EQ(layouts.size(), 10u);
  for (const auto& [load, seen] : layouts) EXPECT_EQ(seen.size(), 3u);
}

TEST(Spread, ManyLayoutsTakeTurns) {
  std::vector<table::Row> rows;
  for (const double batch : {1, 8, 64}) {
    for (const char* layout : {"tp1", "tp2", "tp4", "tp8", "tp1pp2", "tp1pp4", "tp1pp8", "tp2pp2"}) {
      rows.push_back(synthetic::job(layout, batch, {1, 100}, 1));
    }
  }
  const Problem problem = grid_of(synthetic::group_of(std::move(rows)));
  const std::vector<std::size_t> picks = propose(problem, options_of(Strategy::spread, 12)).picks;
  std::map<double, int> at_batch;
  std::map<table::Layout, int> of_layout;
  for (const std::size_t pick : picks) {
    ++at_batch[problem.places[pick].load.batch];
    ++of_layout[problem.places[pick].layout];
  }
  EXPECT_EQ(at_batch, (std::map<double, int>{{1, 4}, {8, 4}, {64, 4}}));
  EXPECT_EQ(of_layout.size(), 8u) << "every layout once before one comes twice";
}

TEST(Spread, KeepsAwayFromWhatWasMeasured) {
  Problem problem = line({1, 2, 4, 8, 16, 32, 64});
  problem.measured = {synthetic::job("tp2", 64, {1, 100}, 1), synthetic::job("tp2", 32, {1, 100}, 1)};
  const std::vector<std::size_t> picks = propose(problem, options_of(Strategy::spread, 3)).picks;
  EXPECT_LE(batches_of(problem, picks)[0], 4);
}

TEST(Spread, FollowsTheWeightsOfTheWorkload) {
  Problem problem = line({1, 2, 4, 8, 16, 32, 64});
  problem.workload.back().weight = 100;
  EXPECT_EQ(batches_of(problem, propose(problem, options_of(Strategy::spread, 1)).picks)[0], 64);
}

TEST(Spread, ALoadInOneLayoutComesLast) {
  std::vector<table::Row> rows;
  for (const double batch : {2, 32}) {
    for (const char* layout : {"tp2", "tp4"}) rows.push_back(synthetic::job(layout, batch, {1, 100}, 1));
  }
  rows.push_back(synthetic::job("tp2", 8, {1, 100}, 1));
  const Problem problem = grid_of(synthetic::group_of(std::move(rows)));
  EXPECT_EQ(batches_of(problem, propose(problem, options_of(Strategy::spread, 5)).picks).back(), 8);
}

TEST(Loads, OfServersAreToldApartByTheirLimitAlone) {
  const table::Load a = synthetic::steady("tp2", 7.5, 8, 1, 1).config.load;
  table::Load b = synthetic::steady("tp2", 7.9, 8, 1, 1).config.load;
  b.osl = 510;
  EXPECT_EQ(key_of(a), key_of(b));
  EXPECT_EQ(log_distance(a, b), 0);
  const table::Load job = synthetic::job("tp2", 8, {1, 100}, 1).config.load;
  EXPECT_NE(key_of(a), key_of(job));
  EXPECT_NEAR(log_distance(job, synthetic::job("tp8", 16, {1, 50}, 1).config.load), 2 * std::log(2), 1e-12);
}

}  // namespace
}  // namespace energylens::design
