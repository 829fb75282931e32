// SPDX-License-Identifier: Apache-2.0
// What holds for every strategy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "design/problems.hpp"
#include "energylens/core/error.hpp"

namespace energylens::design {
namespace {

using testing::ElementsAreArray;

class Propose : public testing::TestWithParam<Strategy> {
 protected:
  table::Group group_ = synthetic::smooth_group();
};

TEST_P(Propose, PicksCandidatesEachOnce) {
  const Problem problem = begun(group_);
  for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{9}, std::size_t{1000}}) {
    const Design design = propose(problem, options_of(GetParam(), rows));
    EXPECT_EQ(design.picks.size(), std::min(rows, problem.candidates.size()));
    const std::set<std::size_t> once(design.picks.begin(), design.picks.end());
    EXPECT_EQ(once.size(), design.picks.size());
    for (const std::size_t place : once) EXPECT_NE(place % 7, 0u) << "measured already";
    EXPECT_FALSE(design.spread_instead);
  }
}

TEST_P(Propose, FewerPicksBeginMore) {
  const Problem problem = begun(group_);
  const std::vector<std::size_t> more = propose(problem, options_of(GetParam(), 12)).picks;
  const std::vector<std::size_t> fewer = propose(problem, options_of(GetParam(), 5)).picks;
  EXPECT_THAT(fewer, ElementsAreArray(more.begin(), more.begin() + 5));
}

TEST_P(Propose, SameSeedSamePicks) {
  const Problem problem = begun(group_);
  EXPECT_EQ(propose(problem, options_of(GetParam(), 6)).picks,
            propose(problem, options_of(GetParam(), 6)).picks);
}

TEST_P(Propose, WithoutAModelSpreads) {
  Problem problem = grid_of(group_);
  problem.measured.assign(group_.rows.begin(), group_.rows.begin() + kLeastRows - 1);
  const Design design = propose(problem, options_of(GetParam(), 6));
  EXPECT_EQ(design.spread_instead, info(GetParam()).fits);
  if (design.spread_instead) {
    EXPECT_EQ(design.picks, propose(problem, options_of(Strategy::spread, 6)).picks);
  }
}

TEST_P(Propose, ACampaignMeasuresWhatItPicksAndNothingElse) {
  std::vector<std::size_t> asked;
  const auto measure = [&](std::size_t place) {
    asked.push_back(place);
    return group_.rows[place];
  };
  const std::vector<std::size_t> picks = campaign(grid_of(group_), options_of(GetParam(), 25), measure);
  EXPECT_EQ(picks.size(), 25u);
  EXPECT_EQ(std::set(picks.begin(), picks.end()).size(), 25u);
  EXPECT_EQ(asked, picks);
}

TEST_P(Propose, AnEmptyGridIsNoTrouble) {
  Problem problem = begun(group_);
  problem.candidates.clear();
  EXPECT_TRUE(propose(problem, options_of(GetParam(), 3)).picks.empty());
  const auto never = [](std::size_t) -> table::Row { throw std::logic_error("nothing can be measured"); };
  EXPECT_TRUE(campaign(problem, options_of(GetParam(), 3), never).empty());
}

std::vector<Strategy> all_strategies() {
  std::vector<Strategy> all;
  for (const StrategyInfo& one : strategy_infos()) all.push_back(one.strategy);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Strategies, Propose, testing::ValuesIn(all_strategies()), [](const auto& test) {
  std::string name(design::info(test.param).name);
  std::erase(name, '-');
  return name;
});

TEST(Strategies, AreFoundByName) {
  for (const StrategyInfo& one : strategy_infos()) {
    EXPECT_EQ(parse_strategy(one.name), one.strategy);
    EXPECT_EQ(info(one.strategy).name, one.name);
  }
  try {
    parse_strategy("sequental");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "unknown strategy \"sequental\"; did you mean \"sequential\"?");
  }
}

TEST(Strategies, RandomDependsOnTheSeed) {
  const Problem problem = grid_of(synthetic::smooth_group());
  DesignOptions options = options_of(Strategy::random, 10);
  const std::vector<std::size_t> first = propose(problem, options).picks;
  options.seed = 1;
  EXPECT_NE(propose(problem, options).picks, first);
}

TEST(Strategies, AGridTooLargeForAJointBeliefIsRefused) {
  Problem problem = begun(synthetic::smooth_group());
  problem.places.resize(kMostPlaces + 1, problem.places.front());
  EXPECT_THROW(propose(problem, options_of(Strategy::sequential, 1)), Error);
  EXPECT_NO_THROW(propose(problem, options_of(Strategy::spread, 1)));
}

TEST(Strategies, AWorkloadTooLargeToSpreadOverIsRefused) {
  Problem problem = begun(synthetic::smooth_group());
  problem.workload.resize(4'000'000'000 / problem.candidates.size() / 100, problem.workload.front());
  EXPECT_NO_THROW(propose(problem, options_of(Strategy::random, 100)));
  EXPECT_THROW(propose(problem, options_of(Strategy::spread, 1000)), Error);
}

}  // namespace
}  // namespace energylens::design
