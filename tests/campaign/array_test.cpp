// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>

#include "campaign/journal.hpp"
#include "campaign/plans.hpp"
#include "campaign/slurm.hpp"
#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "temporary_folder.hpp"

namespace energylens::campaign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ArrayOptions options_of(std::size_t most) {
  ArrayOptions options;
  options.command = {"energylens", "profile", "it's"};
  options.most = most;
  return options;
}

TEST(Array, ADeploymentIsATaskUnlessItIsTooLarge) {
  const Plan plan = small_plan();
  const auto whole = tasks_of(plan, 100), parts = tasks_of(plan, 3);
  ASSERT_EQ(whole.size(), 2u);
  EXPECT_THAT(whole[1].targets, ElementsAre(4, 5, 6, 7));
  EXPECT_EQ(whole[1].gpus, 2);
  ASSERT_EQ(parts.size(), 4u);
  EXPECT_THAT(parts[1].targets, ElementsAre(3));
  EXPECT_EQ(part_of(plan, parts, 2).targets.size(), 3u);
  EXPECT_THROW(part_of(plan, parts, 4), Error);
}

TEST(Array, WritesAScriptPerNumberOfGpus) {
  const TemporaryFolder folder;
  const std::string out = folder / "out";
  const ArrayReport report = write_array(small_plan(), out, options_of(100));
  EXPECT_EQ(report.tasks, 2u);
  EXPECT_THAT(report.submitted, ElementsAre(0, 1));
  const std::string script = read_file(out + "/slurm_2gpu.sh");
  EXPECT_THAT(script, HasSubstr("#SBATCH --gres=gpu:2\n"));
  EXPECT_THAT(script, HasSubstr("'it'\\''s' --task \"$SLURM_ARRAY_TASK_ID\""));
  EXPECT_THROW(
      write_array(
          parse_plan(
              R"({"url": "http://h:1", "configurations": [{"layout": "tp1", "batch": 1, "isl": 1, "osl": 1}]})",
              "p"),
          out, options_of(100)),
      Error)
      << "another plan";
}

TEST(Array, CollectsTheRowsOfAllTasksAndKnowsWhatIsMissing) {
  const TemporaryFolder folder;
  const std::string out = folder / "out";
  write_array(small_plan(), out, options_of(3));
  const Array array = read_array(out);
  ASSERT_TRUE(array.split);
  const Plan part = part_of(array.plan, array.tasks, 2);
  std::filesystem::create_directories(folder_of(out, 2));
  {
    Journal journal(folder_of(out, 2) + "/journal.jsonl");
    for (std::size_t target = 0; target < 3; ++target) {
      for (int repeat = 0; repeat < 2; ++repeat)
        journal.append(
            made_record(part, target, repeat, repeat, 10 * static_cast<double>(target) + repeat + 1));
    }
  }
  const std::vector<Record> records = collect_records(out, array).records;
  ASSERT_EQ(records.size(), 6u);
  EXPECT_EQ(records[4].target, 6u);
  const Summary summary = summarise(array.plan, records);
  EXPECT_EQ(summary.complete, 3u);
  EXPECT_EQ(summary.missing.size(), 5u);
  EXPECT_THAT(write_array(small_plan(), out, options_of(3)).submitted, ElementsAre(0, 1, 3));
  EXPECT_THAT(rows_of(records), HasSubstr("toy,1,"));
}

TEST(Array, ACampaignThatWasNotSplitIsCollectedToo) {
  const TemporaryFolder folder;
  const Plan plan = small_plan();
  write_file(folder / "plan.json", io::print_json(plan_json(plan)));
  {
    Journal journal(folder / "journal.jsonl");
    journal.append(made_record(plan, 5, 0, 0, 1));
  }
  const Array array = read_array(folder.path().string());
  EXPECT_FALSE(array.split);
  EXPECT_EQ(collect_records(folder.path().string(), array).records.front().target, 5u);
  EXPECT_THROW(write_array(plan, folder.path().string(), options_of(3)), Error) << "begun without Slurm";
}

TEST(Array, ARowEditedIntoNonsenseIsRefusedByNameAndTheRestIsKept) {
  const TemporaryFolder folder;
  const Plan plan = small_plan();
  write_file(folder / "plan.json", io::print_json(plan_json(plan)));
  {
    Journal journal(folder / "journal.jsonl");
    for (int i = 0; i < 4; ++i) journal.append(made_record(plan, 2, i, i, 77 + i));
  }
  std::string text = read_file(folder / "journal.jsonl");
  const auto edit = [&](const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, text.npos);
    text.replace(at, from.size(), to);
  };
  edit("\"total_energy_j\":78", "\"total_energy_j\":-78");
  edit("\"total_energy_j\":79", "\"total_energy_j\":\"much\"");
  edit("\"total_energy_j\":80", "\"total_enregy_j\":80");
  write_file(folder / "journal.jsonl", text);
  const JournalContent found = collect_records(folder.path().string(), read_array(folder.path().string()));
  EXPECT_EQ(found.refused, 3u);
  ASSERT_EQ(found.warnings.size(), 3u);
  EXPECT_THAT(found.warnings[0], HasSubstr("journal.jsonl:2: " + target_text(plan.targets[2])));
  EXPECT_THAT(found.warnings[0], HasSubstr("total_energy_j: "));
  EXPECT_THAT(found.warnings[2], HasSubstr("unknown column \"total_enregy_j\""));
  EXPECT_THAT(rows_of(found.records), HasSubstr(",77"));
  EXPECT_EQ(summarise(plan, found.records).rows, 1u);
}

TEST(Array, AFolderWithoutAJournalIsNoCampaign) {
  const TemporaryFolder folder;
  write_file(folder / "plan.json", io::print_json(plan_json(small_plan())));
  EXPECT_THROW(read_array(folder.path().string()), Error) << "its rows.csv may be anybody's";
}

}  // namespace
}  // namespace energylens::campaign
