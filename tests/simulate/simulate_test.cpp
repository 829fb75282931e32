// SPDX-License-Identifier: Apache-2.0
#include "energylens/simulate/simulate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "energylens/core/error.hpp"
#include "energylens/table/group.hpp"

namespace energylens::simulate {
namespace {

using table::Column;
using testing::HasSubstr;

Options small() {
  Options options;
  options.layouts = {{8, 1, 1, 1}};
  options.batches = {4};
  options.isls = {100};
  options.osls = {50};
  return options;
}

std::string refusal(const Options& options) {
  try {
    simulate_csv(options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.message();
  }
  return "accepted";
}

TEST(Simulate, CrossesEverythingOnEveryLayoutThatFits) {
  Options options;
  options.batches = {1, 16};
  options.isls = {32, 2048};
  options.osls = {16, 512};
  const table::Table table = simulate(options);
  std::set<std::string> layouts;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    layouts.insert(table::layout_text({static_cast<int>(table.numbers(Column::tp)[row]),
                                       static_cast<int>(table.numbers(Column::pp)[row]), 1, 1}));
    EXPECT_EQ(table.numbers(Column::simulated)[row], 1);
    EXPECT_EQ(table.text(Column::engine, row), "energylens-simulate");
  }
  EXPECT_EQ(layouts, (std::set<std::string>{"tp1pp2", "tp1pp4", "tp1pp8", "tp2", "tp2pp2", "tp2pp4", "tp4",
                                            "tp4pp2", "tp8"}));  // tp1 has no room for 141 GB
  EXPECT_EQ(table.rows(), 9 * 8);
  const std::vector<table::Group> groups = table::groups(table);
  ASSERT_EQ(groups.size(), 1);
  EXPECT_TRUE(groups[0].identity.simulated);
  EXPECT_EQ(table::scenarios(groups[0]).size(), 8);
}

TEST(Simulate, RowsAreConsistent) {
  Options options = small();
  options.noise = 0.1;
  const table::Table table = simulate(options);
  const auto cell = [&](Column column) { return table.numbers(column)[0]; };
  EXPECT_NEAR(cell(Column::total_energy_j), cell(Column::prefill_energy_j) + cell(Column::decode_energy_j),
              1e-6 * cell(Column::total_energy_j));
  EXPECT_NEAR(cell(Column::total_time_s), cell(Column::prefill_time_s) + cell(Column::decode_time_s),
              1e-6 * cell(Column::total_time_s));
  EXPECT_NEAR(cell(Column::avg_power_w), cell(Column::total_energy_j) / cell(Column::total_time_s), 1e-3);
  EXPECT_NEAR(cell(Column::energy_per_out_token_j), cell(Column::total_energy_j) / 200, 1e-4);
  EXPECT_NEAR(cell(Column::tpot_s), cell(Column::decode_time_s) / 49, 1e-6);
  EXPECT_NEAR(cell(Column::ttft_s), cell(Column::prefill_time_s), 1e-6);
}

TEST(Simulate, SameSeedSameBytes) {
  Options options = small();
  options.noise = 0.02;
  options.repeats = 3;
  EXPECT_EQ(simulate_csv(options), simulate_csv(options));
  Options other = options;
  other.seed = 1;
  EXPECT_NE(simulate_csv(options), simulate_csv(other));
  other.noise = options.noise = 0;
  EXPECT_EQ(simulate_csv(options), simulate_csv(other));
}

TEST(Simulate, NoiseHasTheSpreadAskedFor) {
  Options options = small();
  const double exact = simulate(options).numbers(Column::decode_energy_j)[0];
  options.noise = 0.05;
  options.repeats = 2000;
  const table::Table table = simulate(options);
  double sum = 0, squares = 0;
  for (const double energy : table.numbers(Column::decode_energy_j)) {
    const double log_ratio = std::log(energy / exact);
    sum += log_ratio;
    squares += log_ratio * log_ratio;
  }
  // Standard errors at 2000 draws: 0.05/sqrt(2000) of the mean, 0.05/sqrt(4000) of the deviation; bands of
  // four.
  EXPECT_NEAR(sum / 2000, 0, 0.0045);
  EXPECT_NEAR(std::sqrt(squares / 2000), 0.05, 0.0032);
}

TEST(Simulate, JobsThatDoNotFitAreLeftOut) {
  Options options = small();
  options.layouts = {{2, 1, 1, 1}, {8, 1, 1, 1}};
  options.isls = {100, 100000};
  EXPECT_EQ(simulate(options).rows(), 3);
  options.layouts = {{2, 1, 1, 1}};
  options.isls = {100000};
  EXPECT_THROW(simulate(options), Error);
}

TEST(Simulate, SteadyRows) {
  Options options = small();
  options.kind = table::RowKind::steady;
  options.batches = {8, 64};
  options.replicas = true;
  options.layouts = {{4, 1, 2, 1}};
  const table::Table table = simulate(options);
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table.text(Column::row_kind, 0), "steady");
  EXPECT_EQ(table.numbers(Column::max_batch)[1], 64);
  EXPECT_EQ(table.numbers(Column::batch)[1], 64);
  EXPECT_EQ(table.numbers(Column::num_gpus)[0], 8);
  EXPECT_NEAR(table.numbers(Column::avg_power_w)[0],
              table.numbers(Column::energy_per_out_token_j)[0] * table.numbers(Column::throughput_tok_s)[0],
              1e-3);
  ASSERT_EQ(table::groups(table).size(), 1);
}

TEST(Simulate, StateSpaceModelsHaveNoCapacity) {
  Options options = small();
  options.model = "Falcon-Mamba-7B";
  options.layouts = {{1, 1, 1, 1}};
  const table::Table table = simulate(options);
  EXPECT_FALSE(known(table.numbers(Column::kv_capacity_tokens)[0]));
}

// The bundled table is what data/README.md says made it.
TEST(Simulate, WritesTheBundledExample) {
  Options options;
  options.batches = {1, 8, 32, 128};
  options.isls = {128, 1024, 4096};
  options.osls = {32, 256, 1024};
  options.noise = 0.02;
  const table::Table made = simulate(options);
  const table::Table bundled = table::read_csv(ENERGYLENS_SOURCE_DATA "/example_simulated.csv");
  ASSERT_EQ(made.rows(), bundled.rows());
  for (const Column column :
       {Column::tp, Column::pp, Column::batch, Column::isl, Column::osl, Column::prefill_energy_j,
        Column::decode_energy_j, Column::total_time_s, Column::tpot_s, Column::kv_capacity_tokens}) {
    for (std::size_t row = 0; row < made.rows(); ++row) {
      const double expected = made.numbers(column)[row];
      EXPECT_NEAR(bundled.numbers(column)[row], expected, 1e-5 * std::abs(expected))
          << table::info(column).name;
    }
  }
}

TEST(Options, EveryFaultIsNamedAtOnce) {
  Options options = small();
  options.batches = {0.5};
  options.osls = {};
  options.noise = -1;
  options.repeats = 0;
  options.cached_tokens = 100;
  options.image_tokens = 101;
  options.layouts = {{8, 2, 1, 1}, {1, 1, 2, 2}, {0, 1, 1, 1}};
  const std::string message = refusal(options);
  for (const char* part :
       {"batches: 0.5", "osls is empty", "noise", "repeats", "cached_tokens", "image_tokens",
        "tp8pp2 needs 16 GPUs, but total_gpus is 8", "expert parallelism", "factors of a layout"}) {
    EXPECT_THAT(message, HasSubstr(part));
  }
}

TEST(Options, UnknownNamesAreRefusedWithTheNearOne) {
  Options options = small();
  options.model = "Llama-3.1-70";
  EXPECT_THAT(refusal(options), HasSubstr("did you mean Llama-3.1-70B?"));
  options = small();
  options.gpu = "H100-80GB-SXN";
  EXPECT_THAT(refusal(options), HasSubstr("H100-80GB-SXM"));
  options = small();
  options.quant = "fp17";
  EXPECT_EQ(refusal(options), "unknown quantisation \"fp17\"");
  options = small();
  options.kv_dtype = "fp17";
  EXPECT_EQ(refusal(options), "unknown KV type \"fp17\"");
}

TEST(Options, WhatTheCatalogueDoesNotKnowIsNamed) {
  Options options = small();
  options.quant = "fp8";
  options.gpu = "A100-80GB-SXM";
  EXPECT_THAT(refusal(options), HasSubstr("peak FLOP/s in fp8 of A100-80GB-SXM"));
  options = small();
  options.image_tokens = 10;
  EXPECT_THAT(refusal(options), HasSubstr("size of the image encoder of Llama-3.1-70B"));
}

TEST(Options, LayoutsAndLimitsThatCannotWorkAreRefused) {
  Options options = small();
  options.layouts = {{1, 1, 1, 1}};
  EXPECT_THAT(refusal(options),
              HasSubstr("tp1 of H100-80GB-SXM: weights need 141 GB; 1 x 85.9 GB available"));
  options.layouts = {{3, 1, 1, 1}};
  EXPECT_THAT(refusal(options), HasSubstr("64 attention heads are not divisible by tp 3"));
  options = small();
  options.power_limit_w = 100;
  EXPECT_THAT(refusal(options), HasSubstr("specify more than 175 W"));
  options = small();
  options.kind = table::RowKind::steady;
  options.osls = {1};
  EXPECT_THAT(refusal(options), HasSubstr("osls: 1 is not a whole number of at least 2"));
}

}  // namespace
}  // namespace energylens::simulate
