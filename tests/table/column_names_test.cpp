// SPDX-License-Identifier: Apache-2.0
#include "table/column_names.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace energylens::table {
namespace {

TEST(ColumnNames, NamesOfOtherToolsAreUnderstood) {
  const std::vector<std::pair<std::string_view, Column>> names = {
      {"energy", Column::total_energy_j},
      {"joules", Column::total_energy_j},
      {"energy_joules", Column::total_energy_j},
      {"gpu_energy_j", Column::total_energy_j},
      {"Energy (J)", Column::total_energy_j},
      {"totalEnergyJ", Column::total_energy_j},
      {"duration_s", Column::total_time_s},
      {"latency", Column::total_time_s},
      {"elapsed_seconds", Column::total_time_s},
      {"e2e_latency_s", Column::total_time_s},
      {"Wall time [s]", Column::total_time_s},
      {"precision", Column::quant},
      {"dtype", Column::quant},
      {"watts", Column::avg_power_w},
      {"mean-power-w", Column::avg_power_w},
      {"joules_per_token", Column::energy_per_out_token_j},
      {"input_tokens", Column::isl},
      {"max_new_tokens", Column::osl},
      {"tensor_parallelism", Column::tp},
      {"backend", Column::engine},
      {"tokens_per_second", Column::throughput_tok_s}};
  for (const auto& [name, column] : names) {
    const std::optional<NameMeant> meant = column_meant(name);
    ASSERT_TRUE(meant) << name;
    EXPECT_EQ(meant->column, column) << name;
    EXPECT_FALSE(meant->other_unit) << name;
  }
}

TEST(ColumnNames, OtherUnitsAreSeen) {
  const std::vector<std::pair<std::string_view, Column>> names = {
      {"energy_wh", Column::total_energy_j},
      {"Energy (kWh)", Column::total_energy_j},
      {"total_energy_mJ", Column::total_energy_j},
      {"latency_ms", Column::total_time_s},
      {"duration_minutes", Column::total_time_s},
      {"ttft_ms", Column::ttft_s},
      {"mean_tpot_ms", Column::tpot_s},
      {"power_mw", Column::avg_power_w},
      {"kwh", Column::total_energy_j},
      {"gpu_clock_ghz", Column::gpu_clock_mhz},
      {"prefill_latency_us", Column::prefill_time_s}};
  for (const auto& [name, column] : names) {
    const std::optional<NameMeant> meant = column_meant(name);
    ASSERT_TRUE(meant) << name;
    EXPECT_EQ(meant->column, column) << name;
    EXPECT_TRUE(meant->other_unit) << name;
  }
}

TEST(ColumnNames, ColumnsOfTheUsersOwnAndOursAreNot) {
  for (const std::string_view own :
       {"source_file", "peak_power_w", "total_tokens", "time", "timestamp", "date", "run_id", "temperature_c",
        "total_energy_j", "batch", "energy_scope", "h", "s", "m_w", "", "__", "power_price", "energy_s"})
    EXPECT_FALSE(column_meant(own)) << own;
}

}  // namespace
}  // namespace energylens::table
