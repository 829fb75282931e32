// SPDX-License-Identifier: Apache-2.0
// The readers that importers share: times, dialects of CSV, YAML and paths in JSON.
#include <gmock/gmock.h>

#include "importers/files.hpp"
#include "importers/readers/dialect.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/readers/times.hpp"
#include "importers/readers/yaml.hpp"

namespace energylens::importers {
namespace {

TEST(Times, OfEveryFormAreTheSameMoment) {
  constexpr double kMoment_s = 1746478724.5;  // 2025-05-05 20:58:44.5 UTC
  for (const char* text : {"2025/05/05 20:58:44.5", "2025-05-05T20:58:44.500Z", "2025-05-05 22:58:44.5+02:00",
                           "05-05-2025 20:58:44.5", "20250505 20:58:44.5", "2025-05-05 20:58:44,5",
                           "1746478724.5", "1746478724500", "1746478724500000"}) {
    const auto time = parse_time(text);
    ASSERT_TRUE(time) << text;
    EXPECT_NEAR(time->time_s, kMoment_s, 1e-6) << text;
  }
  EXPECT_NEAR(parse_time("Mon May  5 22:58:44 2025 +0200")->time_s, 1746478724, 1e-6);
  EXPECT_FALSE(parse_time("2025-05-05T20:58:44Z")->local);
  EXPECT_TRUE(parse_time("2025-05-05 20:58:44")->local);
  EXPECT_TRUE(parse_time("20:58:44.5")->time_of_day);
  for (const char* text :
       {"", "yesterday", "2025-13-05 20:58:44", "2025-05-05 25:58:44", "12:00", "2025-05-05 20:58:44 noon"})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Dialect, SeparatorAndUnitsAreThoseOfTheHeader) {
  DialectSheet sheet("time;power [mW];name\n1;2,5;\"a b\"\n", "x");
  ASSERT_TRUE(sheet.next());
  EXPECT_EQ(sheet.cell(sheet.find({"power"})), "2,5");
  EXPECT_EQ(sheet.cell(sheet.find({"name"})), "a b");
  EXPECT_EQ(unit_factor("power [mW]"), 1e-3);
  EXPECT_EQ(unit_factor("24.5 W"), 1);
  EXPECT_FALSE(sheet.next());
}

TEST(Dialect, ALineOfOtherWidthIsNamed) {
  DialectSheet sheet("time,power\n1,2,5\n", "x.csv");
  EXPECT_EQ(table::error_of([&] { sheet.next(); }),
            "x.csv:2: 3 cells, but the header has 2; are there decimal commas? record with LC_ALL=C");
}

TEST(Yaml, ScalarsAreOfTheirKind) {
  const io::Json json = parse_yaml("a: 1.5\nb: '1.5'\nc: true\nd: ~\ne: [1, x]\n", "x.yaml");
  EXPECT_EQ(json.number("a"), 1.5);
  EXPECT_EQ(json.text("b"), "1.5");
  EXPECT_TRUE(json.boolean("c"));
  EXPECT_TRUE(json.find("d")->is_null());
  EXPECT_EQ(number_at(json, "e[0]"), 1);
  EXPECT_EQ(text_at(json, "e[1]"), "x");
  EXPECT_EQ(at_path(json, "e[2]"), nullptr);
  EXPECT_THAT(table::error_of([] { parse_yaml("a: [1\nb: 2", "x.yaml"); }), testing::StartsWith("x.yaml:"));
}

TEST(Yaml, AliasesThatGrowWithoutEndAreRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 9; ++k) text += ", " + before;
    text += "]\n";
  }
  EXPECT_THAT(table::error_of([&] { parse_yaml(text, "x.yaml"); }), testing::HasSubstr("too large"));
}

class ImportFiles : public Files {};

TEST_F(ImportFiles, ALogBesideAResultIsItsEnergy) {
  Request request =
      of(put("run.json", R"({"date": "20240331-120004", "model_id": "toy", "completed": 4, "duration": 4.0,
"max_concurrency": 2, "total_input_tokens": 40, "total_output_tokens": 100})"));
  request.files.push_back(
      put("smi.csv",
          "timestamp, index, power.draw [W]\n2024/03/31 12:00:00.0, 0, 100 W\n2024/03/31 12:00:02.0, 0, 100 "
          "W\n2024/03/31 12:00:04.0, 0, 100 W\n"));
  const Imported imported = import_files(request);
  ASSERT_EQ(imported.table.rows(), 1u);
  EXPECT_NEAR(number(imported, table::Column::energy_per_out_token_j), 4, 1e-9);
}

TEST_F(ImportFiles, FilesOfDifferentFormatsAreOneTable) {
  Request request =
      of(put("a.json", R"x({"Model": "toy", "GPU": "A100", "Energy/req (J)": 200, "Token tput (tok/s)": 100,
"Avg Output Tokens": 400, "Avg BS (reqs)": 10})x"));
  request.files.push_back(
      put("b.csv", "model,energy,throughput,response_length,latency\ntoy,1000,25,100,4\n"));
  request.files.push_back(
      put("c.json",
          R"([{"build_commit": "7f", "model_type": "x Q4", "n_prompt": 0, "n_gen": 128, "avg_ts": 64}])"));
  EXPECT_EQ(import_files(request).table.rows(), 3u);
}

TEST_F(ImportFiles, AFileOfNoFormatSaysWhatToDo) {
  EXPECT_EQ(table::error_of([&] { import_files(of(put("x", "hello"))); }),
            std::string(folder_ / "x") +
                ": the format is not recognised; energylens import --list shows those that are read, and "
                "--format names one");
  EXPECT_THAT(table::error_of([&] { import_files(of(put("x.parquet", "PAR1\x15\x04"))); }),
              testing::HasSubstr("a Parquet file; convert"));
}

}  // namespace
}  // namespace energylens::importers
