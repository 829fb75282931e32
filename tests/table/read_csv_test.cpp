// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "core/several_errors.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/table/table.hpp"
#include "table/expect_error.hpp"

namespace energylens::table {
namespace {

using testing::ElementsAre;

std::string refusal(const std::string& text) {
  return error_of([&] { parse_csv(text, "t.csv"); });
}

/// The refusal of one row under a header.
std::string row_refusal(const std::string& header, const std::string& row) {
  return refusal(header + '\n' + row + '\n');
}

TEST(ReadCsv, CellsAreTyped) {
  const Table table =
      parse_csv("model,batch,total_energy_j,mine\nA,1,2.5e3,x\nB,+16,,\n\"A\",1e2,10,\"x, y\"\n", "t.csv");
  EXPECT_EQ(table.rows(), 3u);
  EXPECT_THAT(table.numbers(Column::batch), ElementsAre(1, 16, 100));
  EXPECT_EQ(table.numbers(Column::total_energy_j)[0], 2500);
  EXPECT_FALSE(known(table.numbers(Column::total_energy_j)[1])) << "a blank cell is not 0";
  EXPECT_EQ(table.text(Column::model, 1), "B");
  EXPECT_EQ(table.text(Column::gpu, 1), "") << "an absent column is blank";
  EXPECT_TRUE(table.has(Column::batch));
  EXPECT_FALSE(table.has(Column::gpu));
  EXPECT_TRUE(table.numbers(Column::isl).empty());
  ASSERT_EQ(table.unknown_columns().size(), 1u);
  EXPECT_EQ(table.unknown_columns()[0].name, "mine");
  EXPECT_EQ(table.unknown_columns()[0][2], "x, y");
  EXPECT_EQ(table.unknown_columns()[0].values.size(), 3u) << "blank, x and x, y";
  EXPECT_EQ(table.line(2), 4);
  EXPECT_EQ(table.file(2), "t.csv");
}

TEST(ReadCsv, ByteOrderMarkAndEmptyLinesArePassedOver) {
  const Table table = parse_csv(
      "\xEF\xBB\xBF"
      "batch,total_time_s\r\n1,2\r\n\r\n\r\n",
      "t.csv");
  EXPECT_THAT(table.numbers(Column::batch), ElementsAre(1));
}

TEST(ReadCsv, AHeaderAloneIsATableWithoutRows) {
  const Table table = parse_csv("batch,total_time_s", "t.csv");
  EXPECT_EQ(table.rows(), 0u);
  EXPECT_TRUE(table.has(Column::batch));
}

TEST(ReadCsv, AFileThatIsNoTableIsRefused) {
  using namespace std::string_literals;
  EXPECT_EQ(refusal(""), "t.csv: the file is empty");
  EXPECT_EQ(refusal("\xEF\xBB\xBF"), "t.csv: the file is empty");
  EXPECT_EQ(refusal("\n\r\n"), "t.csv: missing header line");
  EXPECT_EQ(refusal("batch,total_time_s\n1,\0\n"s), "t.csv:2: NUL byte; a CSV file is text");
  EXPECT_EQ(refusal("batch,total_time_s,notes\n1,2,x\n1,2,caf\xE9\n"),
            "t.csv:3: invalid UTF-8; a CSV file is text");
  EXPECT_EQ(refusal("\x7F"
                    "ELF\x02\x01\x01"),
            "t.csv:1:batch: missing column");
  EXPECT_THAT(error_of([] { read_csv("no/such/file.csv"); }),
              testing::StartsWith("no/such/file.csv: cannot read: "));
}

TEST(ReadCsv, RaggedRowsAreRefused) {
  EXPECT_EQ(refusal("batch,total_time_s\n1,2\n1\n"), "t.csv:3: 1 cell, but the header has 2");
  EXPECT_EQ(refusal("batch,total_time_s\n1,2,3\n"), "t.csv:2: 3 cells, but the header has 2");
}

TEST(ReadCsv, CellsOutOfRangeAreRefused) {
  const auto refused = [](const std::string& column, const std::string& cell) {
    const bool is_batch = column == "batch";
    return row_refusal(is_batch ? "batch,total_time_s" : "batch,energy_per_request_j," + column,
                       is_batch ? cell + ",1" : "1,," + cell);
  };
  EXPECT_EQ(refused("total_energy_j", "many"),
            "t.csv:2:total_energy_j: \"many\" is not a number above 0, in J");
  EXPECT_EQ(refused("total_energy_j", "1 000"),
            "t.csv:2:total_energy_j: \"1 000\" is not a number above 0, in J");
  EXPECT_EQ(refused("total_energy_j", "-4"), "t.csv:2:total_energy_j: \"-4\" is not a number above 0, in J");
  EXPECT_EQ(refused("total_time_s", "0"), "t.csv:2:total_time_s: \"0\" is not a number above 0, in s");
  EXPECT_EQ(refused("avg_power_w", "0.0"), "t.csv:2:avg_power_w: \"0.0\" is not a number above 0, in W");
  EXPECT_EQ(
      refused("total_time_s", "NaN"),
      "t.csv:2:total_time_s: \"NaN\" is not a number above 0, in s; leave the cell blank if it was not measured");
  EXPECT_EQ(
      refused("tpot_s", "N/A"),
      "t.csv:2:tpot_s: \"N/A\" is not a number above 0, in s; leave the cell blank if it was not measured");
  EXPECT_EQ(refused("total_time_s", "inf"), "t.csv:2:total_time_s: \"inf\" is not a number above 0, in s");
  EXPECT_EQ(refused("total_time_s", "1e999"),
            "t.csv:2:total_time_s: \"1e999\" is not a number above 0, in s");
  EXPECT_EQ(refused("batch", "0"), "t.csv:2:batch: \"0\" is not a number above 0");
  EXPECT_EQ(refused("batch", "-1"), "t.csv:2:batch: \"-1\" is not a number above 0");
  EXPECT_EQ(refused("tp", "0"), "t.csv:2:tp: \"0\" is not a whole number of at least 1");
  EXPECT_EQ(refused("tp", "1.5"), "t.csv:2:tp: \"1.5\" is not a whole number of at least 1");
  EXPECT_EQ(refused("osl", "0.5"), "t.csv:2:osl: \"0.5\" is not a number of at least 1, in tokens");
  EXPECT_EQ(refused("simulated", "2"), "t.csv:2:simulated: \"2\" is not 0 or 1");
  EXPECT_EQ(refused("row_kind", "Job"), "t.csv:2:row_kind: \"Job\" is not one of job, steady");
  EXPECT_EQ(refused("role", "both"), "t.csv:2:role: \"both\" is not one of aggregated, prefill, decode");
  EXPECT_EQ(refused("tpot_s", "\"a\nb\""), "t.csv:2:tpot_s: \"a?b\" is not a number above 0, in s");
  EXPECT_EQ(refused("tpot_s", std::string(100, 'x')),
            "t.csv:2:tpot_s: \"" + std::string(60, 'x') + "...\" is not a number above 0, in s");
}

TEST(ReadCsv, PowersNoGpuCanHaveTellOfAWrongUnit) {
  EXPECT_EQ(row_refusal("batch,num_gpus,total_energy_j,total_time_s", "1,4,12.5,10"),
            "t.csv:2:total_energy_j: 312 mW per GPU (total_energy_j 12.5, total_time_s 10, GPUs: 4) is "
            "outside 5 W to 5 "
            "kW; is it in kJ, or the time in ms, by mistake?");
  EXPECT_EQ(row_refusal("batch,num_gpus,total_energy_j,total_time_s", "1,2,5123456,10"),
            "t.csv:2:total_energy_j: 256 kW per GPU (total_energy_j 5123456, total_time_s 10, GPUs: 2) is "
            "outside 5 W to "
            "5 kW; is it in mJ by mistake?");
  EXPECT_EQ(
      row_refusal("batch,tp,total_time_s,avg_power_w", "1,2,1,1.4"),
      "t.csv:2:avg_power_w: 700 mW per GPU (avg_power_w 1.4, GPUs: 2) is outside 5 W to 5 kW; is it in kW by "
      "mistake?");
  EXPECT_THAT(row_refusal("batch,total_energy_j,total_time_s,avg_power_w", "1,3,10,300"),
              testing::HasSubstr("is it in kJ"))
      << "a right power does not hide a wrong energy";
  EXPECT_THAT(row_refusal("batch,row_kind,energy_per_out_token_j,throughput_tok_s", "1,steady,400,1000"),
              testing::StartsWith("t.csv:2:energy_per_out_token_j: 400 kW per GPU"));
  EXPECT_THAT(row_refusal("batch,prefill_energy_j,prefill_time_s", "1,0.3,1"),
              testing::StartsWith("t.csv:2:prefill_energy_j: 300 mW per GPU"));
  EXPECT_THAT(row_refusal("batch,prefill_energy_j,decode_energy_j,total_time_s", "1,0.3,1.2,1"),
              testing::StartsWith("t.csv:2:decode_energy_j: 1.50 W per GPU"))
      << "two phases and the time of both";
}

TEST(ReadCsv, ResultsThatContradictEachOtherAreRefused) {
  EXPECT_EQ(refusal("batch,prefill_energy_j,total_energy_j\n1,900,500\n"),
            "t.csv:2:prefill_energy_j: 900 is more than total_energy_j, which is 500");
  EXPECT_EQ(refusal("batch,decode_time_s,total_time_s\n1,3,2\n"),
            "t.csv:2:decode_time_s: 3 is more than total_time_s, which is 2");
  EXPECT_EQ(
      refusal("batch,tp,total_energy_j,total_time_s,avg_power_w\n1,4,4000,2,500\n"),
      "t.csv:2:avg_power_w: 500 W contradicts total_energy_j 4000 over total_time_s 2, which is 2 kW; is it "
      "the power of one GPU by mistake?");
  EXPECT_EQ(refusal("batch,tp,total_energy_j,total_time_s,avg_power_w\n1,4,4000,2,1200\n"),
            "t.csv:2:avg_power_w: 1200 W contradicts total_energy_j 4000 over total_time_s 2, which is 2 kW");
  EXPECT_EQ(
      refusal("batch,tp,decode_energy_j,total_energy_j,total_time_s,avg_power_w\n1,4,4100,4000,2,1900\n"),
      "no error")
      << "phases come from runs of their own";
}

TEST(ReadCsv, PowersAtTheLimitsPass) {
  EXPECT_EQ(row_refusal("batch,tp,total_energy_j,total_time_s", "1,2,100,10"), "no error");
  EXPECT_EQ(row_refusal("batch,tp,total_energy_j,total_time_s", "1,2,100000,10"), "no error");
}

TEST(ReadCsv, PartsOfTheInputAreNotMoreThanTheInput) {
  EXPECT_EQ(row_refusal("batch,isl,image_tokens,total_time_s", "1,100,101,1"),
            "t.csv:2:image_tokens: 101 is more than isl, which is 100");
  EXPECT_EQ(row_refusal("batch,isl,cached_tokens,total_time_s", "1,100,200,1"),
            "t.csv:2:cached_tokens: 200 is more than isl, which is 100");
  EXPECT_EQ(row_refusal("batch,isl,cached_tokens,total_time_s", "1,,200,1"), "no error");
}

TEST(ReadCsv, CountsTooLongForAnExactIntegerAreStillNearest) {
  const Table table = parse_csv("batch,total_time_s\n12345678901234567890,123456789012345\n", "t.csv");
  EXPECT_EQ(table.numbers(Column::batch)[0], 12345678901234567890.0);
  EXPECT_EQ(table.numbers(Column::total_time_s)[0], 123456789012345.0);
}

/// All mistakes of a file.
SeveralErrors errors_of_rows(const std::string& rows) {
  try {
    parse_csv("batch,osl,total_energy_j,total_time_s\n" + rows, "t.csv");
  } catch (const SeveralErrors& error) {
    return error;
  } catch (const Error& error) {
    return {{error}, 1};
  }
  return {{Error::usage("no error")}, 0};
}

TEST(ReadCsv, AllMistakesOfAFileAreListedByLine) {
  const SeveralErrors error = errors_of_rows("1,10,1e9,1\nx,10,100,1\n2,y,z,1\n3,10\n4,10,100,1\n");
  EXPECT_EQ(error.count(), 5u);
  EXPECT_EQ(error.place().line, 2);
  std::vector<long> lines;
  for (const Error& other : error.others()) lines.push_back(other.place().line);
  EXPECT_EQ(lines, (std::vector<long>{3, 4, 4, 5}));
}

TEST(ReadCsv, TheFirstTwentyMistakesAreListed) {
  std::string rows;
  for (int i = 0; i < 30; ++i) rows += "x,10,100,1\n";
  const SeveralErrors error = errors_of_rows(rows);
  EXPECT_EQ(error.count(), 30u);
  EXPECT_EQ(error.others().size(), 19u);
}

TEST(ReadCsv, ARowWithAWrongCellIsNotCheckedFurther) {
  EXPECT_EQ(errors_of_rows("1,10,1e9,q\n").count(), 1u);
}

TEST(ReadCsv, BlanksAroundNamesAndCellsDoNotMatter) {
  const Table table =
      parse_csv("batch , osl,quant,total_energy_j\n 1 ,10, fp8\t,100\n1,10,fp8\xC2\xA0,100\n", "t.csv");
  EXPECT_EQ(table.text(Column::quant, 0), "fp8");
  EXPECT_EQ(table.text(Column::quant, 1), "fp8");
  EXPECT_EQ(table.numbers(Column::batch)[0], 1);
}

TEST(ReadCsv, SettingsAndIdlePowersInAWrongUnitAreRefused) {
  const std::string header = "tp,batch,total_energy_j,";
  EXPECT_EQ(row_refusal(header + "power_limit_w", "1,1,100,700000"),
            "t.csv:2:power_limit_w: 700,000 W is outside 5 W to 5 kW per GPU; is it in mW?");
  EXPECT_EQ(row_refusal(header + "gpu_clock_mhz", "1,1,100,1.41"),
            "t.csv:2:gpu_clock_mhz: 1.41 MHz is outside 50 MHz to 10 GHz; is it in GHz?");
  EXPECT_EQ(row_refusal(header + "idle_power_w", "8,1,100,12000"),
            "t.csv:2:idle_power_w: 1,500 W is outside 1 kW per GPU without load; is it in mW?");
  EXPECT_EQ(row_refusal(header + "idle_power_w", "8,1,100,1200"), "no error");
}

TEST(ReadCsv, PowerFarAboveTheStatedLimitIsRefusedForGpusAlone) {
  const std::string header = "tp,batch,total_energy_j,total_time_s,power_limit_w,energy_scope";
  EXPECT_EQ(row_refusal(header, "1,1,900,1,400,gpu"),
            "t.csv:2:power_limit_w: the mean power of 900 W per GPU is above this limit of 400 W (1 GPU)");
  EXPECT_EQ(row_refusal(header, "2,1,900,1,400,gpu"), "no error");
  EXPECT_EQ(row_refusal(header, "1,1,900,1,400,node"), "no error") << "a node draws more than its GPUs";
}

}  // namespace
}  // namespace energylens::table
