// SPDX-License-Identifier: Apache-2.0
#include "eval/held_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "energylens/core/rng.hpp"
#include "eval/worked_example.hpp"

namespace energylens::eval {
namespace {

using synthetic::group_of;
using synthetic::job;
using testing::ElementsAre;

HeldOut block_of(const table::Group& group, std::uint64_t seed, Axis axis = Axis::batch) {
  return held_out_block(seed, group, table::scenarios(group), axis);
}

TEST(Block, TheWorkedExample) {
  // Block i begins at batch i + 1; seed s takes the block at place s of this order.
  ASSERT_THAT(shuffled_order(0, 8), ElementsAre(5, 7, 1, 4, 2, 0, 6, 3));
  const HeldOut seed0 = block_of(worked_example(), 0);
  EXPECT_THAT(seed0.scenarios, ElementsAre(5, 6, 7)) << "batches 6 to 8";
  EXPECT_THAT(seed0.withheld, ElementsAre(8, 9, 16, 17)) << "batches 5 and 9";
  const HeldOut seed1 = block_of(worked_example(), 1);
  EXPECT_THAT(seed1.scenarios, ElementsAre(7, 8, 9)) << "batches 8 to 10";
  EXPECT_THAT(seed1.withheld, ElementsAre(12, 13, 20)) << "batch 7, and batch 11, which is in no scenario";
}

TEST(Block, NoneComesTwiceBeforeAllHaveCome) {
  std::set<std::size_t> firsts;
  for (std::uint64_t seed = 0; seed < 8; ++seed)
    firsts.insert(block_of(worked_example(), seed).scenarios.front());
  EXPECT_EQ(firsts.size(), 8u);
  EXPECT_EQ(block_of(worked_example(), 8).scenarios, block_of(worked_example(), 0).scenarios);
}

TEST(Block, NeighboursAreThoseOfTheSameSeries) {
  // At osl 64 the batches are 1 2 3 4 5 6 7, at osl 128 they are 1 3 6: the neighbours of a block at 3 and 4
  // are 2 and 5 of the one, 1 and 6 of the other.
  std::vector<table::Row> rows;
  for (const double batch : {1, 2, 3, 4, 5, 6, 7}) {
    for (const double osl : {64, 128}) {
      const bool measured = osl == 64 || batch == 1 || batch == 3 || batch == 6;
      for (const char* layout : {"tp4", "tp8"}) {
        if (measured) rows.push_back(job(layout, batch, {1, osl}, 100));
      }
    }
  }
  const table::Group group = group_of(std::move(rows));
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const HeldOut held_out = block_of(group, seed);
    const table::Scenario first = table::scenarios(group)[held_out.scenarios.front()];
    if (group.rows[first.rows.front()].config.load.batch != 3 || held_out.scenarios.size() != 3) continue;
    std::set<std::pair<double, double>> near;
    for (const std::size_t row : held_out.withheld) {
      near.insert({group.rows[row].config.load.osl, group.rows[row].config.load.batch});
    }
    EXPECT_THAT(near, ElementsAre(std::pair(64, 2), std::pair(64, 5), std::pair(128, 1), std::pair(128, 6)));
    return;
  }
  FAIL() << "no seed draws the block at 3 and 4";
}

TEST(Block, RowsWithoutAValueAreWithheld) {
  table::Group group = worked_example();
  group.rows[23].config.load.osl = kUnknown;
  for (std::size_t row = 0; row < 8; ++row) group.rows[row].config.load.osl = 32;
  EXPECT_THAT(block_of(group, 0, Axis::osl).withheld, testing::Contains(23));
}

TEST(Block, SteadyRowsAreKnownByTheirMaxBatch) {
  std::vector<table::Row> rows;
  for (const double max_batch : {8, 16, 32, 64}) {
    rows.push_back(synthetic::steady("tp4", max_batch - 0.5, max_batch, 1, 0.01));
    rows.push_back(synthetic::steady("tp8", max_batch - 0.1, max_batch, 1, 0.01));
  }
  const table::Group group = group_of(std::move(rows));
  const HeldOut held_out = block_of(group, 0);
  EXPECT_EQ(held_out.scenarios.size(), 2u);
  EXPECT_EQ(held_out.withheld.size() % 2, 0u);
}

TEST(Block, WithoutValuesThereIsNone) {
  table::Group group = worked_example();
  for (table::Row& row : group.rows) row.config.load.osl = kUnknown;
  EXPECT_TRUE(block_of(group, 0, Axis::osl).scenarios.empty());
  EXPECT_TRUE(held_out_block(0, group, {}, Axis::batch).scenarios.empty());
}

RC_GTEST_PROP(Block, IsARangeAndLargeEnough, ()) {
  const auto batches = *rc::gen::unique<std::vector<int>>(rc::gen::inRange(1, 60));
  RC_PRE(batches.size() > 1);
  std::vector<table::Row> rows;
  for (const int batch : batches) {
    for (const double osl : {64, 128}) {
      rows.push_back(job("tp4", batch, {1, osl}, 100));
      rows.push_back(job("tp8", batch, {1, osl}, 100));
    }
  }
  const table::Group group = group_of(std::move(rows));
  const HeldOut held_out = block_of(group, *rc::gen::arbitrary<std::uint64_t>());
  const std::size_t n = table::scenarios(group).size();
  RC_ASSERT(held_out.scenarios.size() >= held_out_count(n));
  RC_ASSERT(held_out.scenarios.size() <= held_out_count(n) + 1);
  std::set<double> asked, beside;
  for (const std::size_t scenario : held_out.scenarios) {
    asked.insert(group.rows[table::scenarios(group)[scenario].rows.front()].config.load.batch);
  }
  std::set<double> expected;  // the next batch on either side, if there is one
  const std::set<double> all(batches.begin(), batches.end());
  if (*asked.begin() != *all.begin()) expected.insert(*std::prev(all.find(*asked.begin())));
  if (*asked.rbegin() != *all.rbegin()) expected.insert(*std::next(all.find(*asked.rbegin())));
  for (const std::size_t row : held_out.withheld) beside.insert(group.rows[row].config.load.batch);
  RC_ASSERT(beside == expected);
  RC_ASSERT(std::distance(all.find(*asked.begin()), all.find(*asked.rbegin())) + 1 ==
            static_cast<std::ptrdiff_t>(asked.size()));
}

}  // namespace
}  // namespace energylens::eval
