// SPDX-License-Identifier: Apache-2.0
// The small parts of a measurement: sums over devices, rows, the environment.
#include <gmock/gmock.h>

#include "campaign/measurement/energy.hpp"
#include "campaign/measurement/rows.hpp"
#include "campaign/plans.hpp"
#include "campaign/serving/environment.hpp"
#include "campaign/serving/reply.hpp"
#include "energylens/table/table.hpp"

namespace energylens::campaign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

meter::Device device(meter::Scope scope, int index) {
  meter::Device one;
  one.scope = scope;
  one.index = index;
  one.has_counter = true;
  return one;
}

TEST(Selection, TakesTheFirstGpusOfOneMeterAndTheHostBeside) {
  using enum meter::Scope;
  const std::vector<meter::Device> devices = {device(package, 0), device(gpu, 0), device(gpu, 1),
                                              device(gpu, 0), device(dram, 0)};
  const std::vector<std::string> meters = {"rapl", "nvml", "nvml", "dcgm", "rapl"};
  const Selection both = select(devices, meters, 2);
  EXPECT_THAT(both.tracks, ElementsAre(1, 2));
  EXPECT_THAT(both.host, ElementsAre(0, 4));
  EXPECT_EQ(both.scope, "gpu");
  EXPECT_EQ(select(devices, meters, 3).problem, "the layout uses 3 GPUs, but only 2 are metered");
  EXPECT_THAT(select({device(package, 0)}, {"rapl"}, 1).tracks, ElementsAre(0));
  EXPECT_NE(select({}, {}, 1).problem, "");
}

/// A device whose counter goes at `watts`, read every 0.1 s from 0 to 10 s, and begins again at `wrap_j`.
meter::Track counter(double watts, double wrap_j, double lost_from_s = 100, double lost_to_s = 100) {
  meter::Track track;
  track.device = device(meter::Scope::gpu, 0);
  track.device.counter_wrap_j = wrap_j;
  for (int i = 0; i <= 100; ++i) {
    const double now_s = 0.1 * i;
    if (now_s > lost_from_s && now_s < lost_to_s) continue;
    meter::Reading reading;
    reading.time_s = 1000 + now_s;
    reading.steady_s = now_s;
    reading.energy_j = known(wrap_j) ? std::fmod(watts * now_s + 50, wrap_j) : watts * now_s;
    track.readings.push_back(reading);
  }
  return track;
}

TEST(WindowEnergy, CountsAWrapOn) {
  meter::Trace trace;
  trace.tracks = {counter(100, 300)};
  Selection selection;
  selection.tracks = {0};
  const WindowEnergy energy = energy_in(trace, selection, {1002, 1008}, {});
  EXPECT_THAT(energy.reasons, ElementsAre());
  EXPECT_NEAR(energy.joules, 600, 5);
}

TEST(WindowEnergy, AGapIsAReasonWithItsDevice) {
  meter::Trace trace;
  trace.tracks = {counter(100, kUnknown), counter(100, kUnknown, 3, 7)};
  trace.tracks[1].device.index = 1;
  Selection selection;
  selection.tracks = {0, 1};
  const WindowEnergy energy = energy_in(trace, selection, {1002, 1008}, {});
  ASSERT_EQ(energy.reasons.size(), 1u);
  EXPECT_THAT(energy.reasons.front(), HasSubstr("gpu 1: "));
  selection.tracks = {0};
  EXPECT_NEAR(energy_in(trace, selection, {1002, 1008}, {}).joules, 600, 5);
}

Figures job_figures() {
  Figures figures;
  figures.total_j = 100, figures.total_s = 0.5;
  figures.prefill_j = 30, figures.prefill_s = 0.1;
  figures.ttft_s = 0.1, figures.tpot_s = 0.05;
  return figures;
}

TEST(Rows, AreATableThatReadsBackWithPartsThatSumToTheTotal) {
  const Plan plan = small_plan();
  RowFacts facts;
  facts.idle_w = 60;
  facts.scope = "gpu";
  facts.repeat = 4;
  const table::RowCells row = row_of(plan, plan.targets[2], job_figures(), facts);
  EXPECT_EQ(table_problem(row), "");
  const table::Table table = table::parse_csv(rows_csv({&row}), "rows");
  EXPECT_EQ(
      table.numbers(table::Column::prefill_energy_j)[0] + table.numbers(table::Column::decode_energy_j)[0],
      table.numbers(table::Column::total_energy_j)[0]);
  EXPECT_EQ(table.numbers(table::Column::repeat)[0], 4);
  EXPECT_EQ(table.numbers(table::Column::simulated)[0], 0);
  EXPECT_EQ(table.text(table::Column::gpu, 0), "none");
}

TEST(Rows, WhatIsSimulatedOrReplayedSaysSo) {
  Plan plan = small_plan();
  plan.identity.emplace_back("simulated", "0");
  RowFacts facts;
  facts.simulated = true;
  EXPECT_EQ(row_of(plan, plan.targets[0], job_figures(), facts).number(table::Column::simulated), 1);
  facts = {};
  facts.provenance = "a recording";
  const table::RowCells row = row_of(plan, plan.targets[0], job_figures(), facts);
  EXPECT_EQ(row.number(table::Column::simulated), 1);
  EXPECT_THAT(rows_csv({&row}), HasSubstr("energy not of this run: a recording"));
}

TEST(Rows, KnowWhatTheServerSaysOfItsCacheUnlessThePlanStatesIt) {
  Plan plan = small_plan();
  RowFacts facts;
  EXPECT_FALSE(
      known(row_of(plan, plan.targets[0], job_figures(), facts).number(table::Column::kv_capacity_tokens)));
  facts.kv_capacity_tokens = 4096;
  EXPECT_EQ(row_of(plan, plan.targets[0], job_figures(), facts).number(table::Column::kv_capacity_tokens),
            4096);
  plan.identity.emplace_back("kv_capacity_tokens", "5000");
  EXPECT_EQ(row_of(plan, plan.targets[0], job_figures(), facts).number(table::Column::kv_capacity_tokens),
            5000);
}

TEST(Rows, OnesThatTheTableRefusesHaveAProblem) {
  const Plan plan = small_plan();
  Figures figures = job_figures();
  figures.total_j = 1e6;
  EXPECT_THAT(table_problem(row_of(plan, plan.targets[0], figures, {})), HasSubstr("per GPU"));
}

TEST(Rows, NoneIsAHeader) {
  EXPECT_EQ(table::parse_csv(rows_csv({}), "rows").rows(), 0u);
}

TEST(Environment, ReadsWhatNvidiaSmiTells) {
  const std::vector<std::string_view> names = {"index", "name", "power.limit", "temperature.gpu"};
  const io::Json gpus = parse_smi("0, NVIDIA H100, 700.00, [N/A]\n1, NVIDIA H100\n", names);
  EXPECT_EQ(
      io::print_json(gpus, 0),
      R"([{"index":0,"name":"NVIDIA H100","power.limit":700,"temperature.gpu":null},{"index":1,"name":"NVIDIA H100","power.limit":null,"temperature.gpu":null}])");
}

TEST(Reply, IsReadOrHasAProblem) {
  EXPECT_EQ(parse_reply(R"({"ok": true, "tokens": 4})").problem, "");
  EXPECT_EQ(parse_reply(R"({"ok": false, "error": "out of\nmemory"})").problem,
            "the child reports: out of memory");
  for (const char* line : {"", "{", "[]", "{}", "{\"ok\": 1}", R"({"ok": true, "tokens": "x"})"})
    EXPECT_THAT(parse_reply(line).problem, HasSubstr("cannot be read")) << line;
}

}  // namespace
}  // namespace energylens::campaign
