// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "energylens/table/group.hpp"
#include "synthetic_group.hpp"

namespace energylens::table {
namespace {

using testing::HasSubstr;

/// Jobs whose GPUs draw `watts` each, a function of their number; `counted` of them are in the energy.
Group jobs(const std::vector<std::string_view>& layouts, const std::function<double(const Layout&)>& watts,
           const std::function<double(const Layout&)>& counted) {
  std::vector<Row> rows;
  for (const double batch : {1, 8, 64}) {
    for (const std::string_view text : layouts) {
      const Layout layout = parse_layout(text);
      const double time_s = batch * 3.0 / layout.gpus();
      rows.push_back(
          synthetic::job(text, batch, {512, 128}, watts(layout) * counted(layout) * time_s, time_s));
    }
  }
  return synthetic::group_of(std::move(rows));
}

double all(const Layout& layout) {
  return layout.gpus();
}
double one(const Layout&) {
  return 1;
}
double constant(const Layout&) {
  return 400;
}

TEST(EnergyOfOneGpu, PowerThatFallsAsOneOverGpusIsNamed) {
  const auto found = energy_of_one_gpu(jobs({"tp1", "tp2", "tp8"}, constant, one));
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, HasSubstr("falls as 1/GPUs"));
  EXPECT_THAT(*found, HasSubstr("from 400 W with 1 to 50 W with 8"));
}

TEST(EnergyOfOneGpu, ReplicasAndTwoLayoutsAreEnough) {
  EXPECT_TRUE(energy_of_one_gpu(jobs({"tp1", "tp1dp4"}, constant, one)));
  EXPECT_TRUE(energy_of_one_gpu(jobs({"tp2pp2", "tp4pp2"}, constant, one)));
}

TEST(EnergyOfOneGpu, EnergiesOfAllGpusPass) {
  EXPECT_FALSE(energy_of_one_gpu(jobs({"tp1", "tp2", "tp8"}, constant, all)));
}

TEST(EnergyOfOneGpu, GpusThatWaitForTrafficPass) {
  const auto waiting = [](const Layout& layout) { return 400 * std::pow(layout.gpus(), -0.6); };
  EXPECT_FALSE(energy_of_one_gpu(jobs({"tp1", "tp2", "tp8"}, waiting, all)));
}

TEST(EnergyOfOneGpu, StagesOfAPipelineAreNotCompared) {
  const auto in_turn = [](const Layout& layout) { return 400.0 / layout.pp; };
  EXPECT_FALSE(energy_of_one_gpu(jobs({"tp1", "tp1pp2", "tp1pp8"}, in_turn, all)));
}

TEST(EnergyOfOneGpu, SteadyRowsAreComparedToo) {
  std::vector<Row> rows;
  for (const double max_batch : {8, 16, 32}) {
    for (const std::string_view text : {"tp1", "tp4"}) {
      Row row = synthetic::steady(text, max_batch, max_batch, 0, 0.02);
      row.results.throughput_tok_s = 1000;
      row.results.energy_per_out_token_j = 0.4;  // of one GPU, in both layouts
      rows.push_back(row);
    }
  }
  EXPECT_TRUE(energy_of_one_gpu(synthetic::group_of(rows)));
}

TEST(EnergyOfOneGpu, RowsWithoutTimesSayNothing) {
  Group group = jobs({"tp1", "tp8"}, constant, one);
  for (Row& row : group.rows) row.results.total_time_s = kUnknown;
  EXPECT_FALSE(energy_of_one_gpu(group));
}

}  // namespace
}  // namespace energylens::table
