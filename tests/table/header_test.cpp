// SPDX-License-Identifier: Apache-2.0
#include "table/header.hpp"

#include <gtest/gtest.h>

#include "core/several_errors.hpp"
#include "table/expect_error.hpp"

namespace energylens::table {
namespace {

using Names = std::vector<std::string_view>;

std::string refusal(const Names& names) {
  return error_of([&] { read_header(names, {"t.csv", 1, {}}); });
}

TEST(Header, KnownColumnsAreRecognisedAndOthersKept) {
  const Header header =
      read_header(Names{"dataset", "batch", "peak_power_w", "total_energy_j"}, {"t.csv", 1, {}});
  EXPECT_EQ(header, (Header{std::nullopt, Column::batch, std::nullopt, Column::total_energy_j}));
}

TEST(Header, ColumnsOfTheUsersOwnAreNoSlips) {
  for (const std::string_view own :
       {"source_file", "kv_limited", "peak_power_w", "max_power_w", "decode_power_w", "total_tokens",
        "decode_tokens", "tps", "image", "host", "node", "id", "date", "run", "temperature_c", "step", "type",
        "seed"}) {
    EXPECT_EQ(refusal({"batch", "total_time_s", own}), "no error") << own;
  }
}

TEST(Header, SlipsNameTheColumnProbablyMeant) {
  const std::vector<std::pair<std::string_view, std::string>> slips = {{"total_energy", "total_energy_j"},
                                                                       {"total_enrgy_j", "total_energy_j"},
                                                                       {"Total Energy J", "total_energy_j"},
                                                                       {"batchsize", "batch"},
                                                                       {"batch_size", "batch"},
                                                                       {"BATCH", "batch"},
                                                                       {"TP", "tp"},
                                                                       {"ttft", "ttft_s"},
                                                                       {"input_tokens", "isl"},
                                                                       {"tensor-parallel-size", "tp"},
                                                                       {"avg_power", "avg_power_w"},
                                                                       {"gpu_clock", "gpu_clock_mhz"},
                                                                       {"rowkind", "row_kind"},
                                                                       {"throughput", "throughput_tok_s"},
                                                                       {"osl ", "osl"}};
  for (const auto& [slip, meant] : slips) {
    EXPECT_EQ(refusal({"prefill_energy_j", slip}),
              "t.csv:1:" + std::string(slip) + ": unknown column; did you mean \"" + meant + "\"?");
  }
}

TEST(Header, ANearNameIsKeptBesideTheColumnItResembles) {
  EXPECT_EQ(refusal({"batch", "batch_size", "total_energy_j", "total_energy"}), "no error");
  EXPECT_EQ(refusal({"batch", "total_energy_j", "total_energy_kj"}), "no error");
}

TEST(Header, ForeignUnitsAreNamed) {
  EXPECT_EQ(refusal({"batch", "total_energy_kj"}),
            "t.csv:1:total_energy_kj: unknown unit in \"total_energy_kj\"; convert to total_energy_j in J");
  EXPECT_EQ(refusal({"batch", "total_energy_j", "ttft_ms"}),
            "t.csv:1:ttft_ms: unknown unit in \"ttft_ms\"; convert to ttft_s in s");
  EXPECT_EQ(refusal({"batch", "total_energy_j", "avg_power_kW"}),
            "t.csv:1:avg_power_kW: unknown unit in \"avg_power_kW\"; convert to avg_power_w in W");
}

TEST(Header, NamesOfOtherToolsNameTheColumnMeant) {
  EXPECT_EQ(refusal({"batch", "energy"}), "t.csv:1:energy: unknown column; did you mean \"total_energy_j\"?");
  EXPECT_EQ(refusal({"batch", "energy_wh"}),
            "t.csv:1:energy_wh: unknown unit in \"energy_wh\"; convert to total_energy_j in J");
  EXPECT_EQ(refusal({"batch", "total_energy_j", "latency_ms"}),
            "t.csv:1:latency_ms: unknown unit in \"latency_ms\"; convert to total_time_s in s");
  EXPECT_EQ(refusal({"batch", "total_energy_j", "precision"}),
            "t.csv:1:precision: unknown column; did you mean \"quant\"?");
  EXPECT_EQ(refusal({"batch", "total_energy_j", "energy_wh", "quant", "precision"}), "no error")
      << "the columns meant are there";
}

TEST(Header, AllMistakesAreListed) {
  try {
    read_header(Names{"bs", "energy_kwh", "latency_ms", "precision", "tp", "tp"}, {"t.csv", 1, {}});
    FAIL();
  } catch (const SeveralErrors& error) {
    EXPECT_EQ(error.count(), 5u);
    ASSERT_EQ(error.others().size(), 4u);
    EXPECT_EQ(error.place().column, "tp");
    EXPECT_EQ(error.others()[0].place().column, "bs");
    EXPECT_EQ(error.others()[3].place().column, "precision");
  }
}

TEST(Header, MissingColumnsAreNamed) {
  EXPECT_EQ(refusal({"total_energy_j", "isl"}), "t.csv:1:batch: missing column");
  EXPECT_EQ(refusal({"total_energy_j", "bach"}), "t.csv:1:batch: missing column; is it the column \"bach\"?");
  EXPECT_EQ(refusal({"batch", "isl"}),
            "t.csv:1: no result column; add one such as total_energy_j or total_time_s");
  EXPECT_EQ(refusal({"batch", "totl_enrgi_j"}),
            "t.csv:1: no result column; add one such as total_energy_j or total_time_s; is it the column "
            "\"totl_enrgi_j\"?");
}

TEST(Header, NamesMustBeThereOnce) {
  EXPECT_EQ(refusal({"batch", "total_energy_j", "batch"}), "t.csv:1:batch: duplicate column");
  EXPECT_EQ(refusal({"batch", "total_energy_j", "mine", "mine"}), "t.csv:1:mine: duplicate column");
  EXPECT_EQ(refusal({"batch", "", "total_energy_j"}), "t.csv:1: column 2 of the header has no name");
}

TEST(Header, MessagesStayOnOneLine) {
  EXPECT_EQ(refusal({"batch", "total\nenergy\nj"}),
            "t.csv:1:total?energy?j: unknown column; did you mean \"total_energy_j\"?");
}

}  // namespace
}  // namespace energylens::table
