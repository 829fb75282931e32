// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "design/grid.hpp"
#include "design/problems.hpp"
#include "table/expect_error.hpp"

namespace energylens::design {
namespace {

Grid small_grid() {
  Grid grid;
  grid.layouts = {table::parse_layout("tp2"), table::parse_layout("tp4")};
  grid.measurable = {{1, 4}, {32}, {128, 512}};
  grid.served = grid.measurable;
  return grid;
}

TEST(Grid, IsEveryCombination) {
  const Problem problem = problem_of(small_grid(), {}, {}, {});
  EXPECT_EQ(problem.places.size(), 8u);
  EXPECT_EQ(problem.candidates.size(), 8u);
  ASSERT_EQ(problem.workload.size(), 4u);
  for (const WorkloadQuestion& question : problem.workload) {
    ASSERT_EQ(question.places.size(), 2u);
    EXPECT_EQ(problem.places[question.places[0]].load.osl, problem.places[question.places[1]].load.osl);
    EXPECT_NE(problem.places[question.places[0]].layout, problem.places[question.places[1]].layout);
  }
}

TEST(Grid, WhatWasMeasuredIsNoCandidateUnlessRepeatsAreWanted) {
  const std::vector<table::Row> rows = {synthetic::job("tp2", 4, {32, 128}, 10),
                                        synthetic::job("tp8", 4, {32, 128}, 10)};
  Grid grid = small_grid();
  EXPECT_EQ(problem_of(grid, {}, rows, {}).candidates.size(), 7u);
  EXPECT_EQ(problem_of(grid, {}, rows, {}).measured.size(), 2u);
  grid.repeat = true;
  EXPECT_EQ(problem_of(grid, {}, rows, {}).candidates.size(), 8u);
}

TEST(Grid, ValuesThatAreNamedTwiceCountOnce) {
  Grid grid = small_grid();
  grid.measurable.batches = {4, 4, 1};
  grid.served = grid.measurable;
  const Problem problem = problem_of(grid, {}, {}, {});
  EXPECT_EQ(problem.candidates.size(), 8u);
  EXPECT_EQ(problem.workload.size(), 4u);
}

TEST(Grid, OneOfMillionsIsRefusedBeforeItIsMade) {
  Grid grid = small_grid();
  for (int i = 1; i <= 200; ++i) {
    grid.measurable.batches.push_back(i + 0.5);
    grid.measurable.isls.push_back(i);
    grid.measurable.osls.push_back(i);
  }
  const auto refusal = [&] { return table::error_of([&] { problem_of(grid, {}, {}, {}); }); };
  EXPECT_THAT(
      refusal(),
      testing::HasSubstr(
          "202 batch sizes, 201 input lengths, 202 output lengths and 2 layouts make 16,400,000 configurations"));
  std::swap(grid.measurable, grid.served);
  EXPECT_THAT(refusal(), testing::HasSubstr("a grid has at most 200,000")) << "the workload counts too";
  grid.layouts.assign(kMostInGrid, grid.layouts.front());
  grid.served = grid.measurable;
  EXPECT_THAT(refusal(), testing::HasSubstr("200,000 layouts"));
}

TEST(Grid, TheWorkloadMayLieOutside) {
  Grid grid = small_grid();
  grid.served.batches = {64};
  const Problem problem = problem_of(grid, {}, {}, {});
  EXPECT_EQ(problem.places.size(), 12u);
  EXPECT_EQ(problem.candidates.size(), 8u);
  EXPECT_EQ(problem.workload.size(), 2u);
}

TEST(Grid, WhatHoldsNoRequestIsLeftOut) {
  Grid grid = small_grid();
  std::vector<table::Row> rows = {synthetic::job("tp2", 4, {32, 128}, 10)};
  rows[0].config.kv_capacity_tokens = 256;
  std::size_t impossible = 0;
  const Problem problem = problem_of(grid, {}, rows, {}, &impossible);
  EXPECT_EQ(impossible, 2u) << "544 tokens do not fit into 256, with either batch";
  EXPECT_EQ(problem.places.size(), 6u);
  predictor::Facts facts;
  facts.weight_bytes = 100e9;
  facts.gpu_memory_bytes = 24e9;
  facts.kv_bytes_per_token = 1e5;
  EXPECT_EQ(problem_of(grid, {}, {}, facts, &impossible).places.size(), 0u);
  EXPECT_EQ(impossible, 8u);
}

TEST(Grid, ServersHaveLimits) {
  Grid grid = small_grid();
  grid.kind = table::RowKind::steady;
  std::vector<table::Row> rows = {synthetic::steady("tp2", 3.7, 4, 1, 1)};
  EXPECT_EQ(problem_of(grid, {}, rows, {}).candidates.size(), 8u) << "that row has other lengths";
  rows[0].config.load.isl = 32;
  rows[0].config.load.osl = 512;
  const Problem problem = problem_of(grid, {}, rows, {});
  EXPECT_EQ(problem.places.size(), 8u);
  EXPECT_EQ(problem.candidates.size(), 7u);
  EXPECT_EQ(problem.workload.size(), 4u);
  EXPECT_EQ(problem.places[0].load.max_batch, problem.places[0].load.batch);
}

TEST(MeasuringTimes, AreThoseOfTheLaw) {
  const table::Group group = synthetic::smooth_group();
  const Problem problem = begun(group, 3);
  const std::vector<double> times =
      measuring_times_s(problem, problem.measured, options_of(Strategy::spread, 1).fit);
  double error = 0;
  for (std::size_t p = 0; p < times.size(); ++p) {
    error += std::abs(times[p] / group.rows[p].results.total_time_s - 1) / static_cast<double>(times.size());
  }
  EXPECT_LT(error, 0.25) << "the times of these rows are of another form";
}

TEST(MeasuringTimes, AreUnknownWithoutRows) {
  const Problem problem = problem_of(small_grid(), {}, {}, {});
  for (const double time : measuring_times_s(problem, problem.measured, {})) EXPECT_FALSE(known(time));
}

}  // namespace
}  // namespace energylens::design
