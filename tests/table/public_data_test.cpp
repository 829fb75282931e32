// SPDX-License-Identifier: Apache-2.0
// Real tables: every one of them must read, and the counts that others have published must come out.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "energylens/table/group.hpp"
#include "energylens/table/table.hpp"

namespace energylens::table {
namespace {

namespace fs = std::filesystem;

class PublicData : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("ENERGYLENS_DATA");
    if (folder) folder_ = folder;
    if (!folder || !fs::is_directory(folder_)) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  }
  fs::path folder_;
};

TEST_F(PublicData, EveryMeasurementFileReadsAndComesBackFromCsv) {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".csv" || name.starts_with("trace_")) continue;
    SCOPED_TRACE(name);
    const Table table = read_csv(entry.path().string());
    EXPECT_GT(table.rows(), 0u);
    const std::vector<Group> all = groups(table);
    EXPECT_FALSE(all.empty());
    EXPECT_EQ(data_hash(groups(parse_csv(to_csv(table), name))), data_hash(all));
    ++files;
  }
  if (files == 0) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
}

TEST_F(PublicData, TheMainGroupHas789LoadsAnd195Scenarios) {
  const fs::path file = folder_ / "gpu_llm_profile.csv";
  if (!fs::exists(file)) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  std::vector<Condition> conditions;
  for (const auto* text : {"model=Llama-3-70B", "gpu=RTX4090", "quant=FP16", "total_time_s>=1"}) {
    conditions.push_back(parse_condition(text));
  }
  const Table table = where(read_csv(file.string()), conditions);
  EXPECT_EQ(table.rows(), 832u);
  const std::vector<Group> all = groups(table);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].rows.size(), 789u);
  EXPECT_EQ(scenarios(all[0]).size(), 195u);
  EXPECT_EQ(scenarios(all[0], true).size(), 195u) << "every layout has eight GPUs";
}

}  // namespace
}  // namespace energylens::table
