// SPDX-License-Identifier: Apache-2.0
#include "campaign/journal.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "campaign/plans.hpp"
#include "core/file.hpp"
#include "temporary_folder.hpp"

namespace energylens::campaign {
namespace {

using testing::HasSubstr;

TEST(Journal, KeepsWhatWasAppended) {
  const TemporaryFolder folder;
  const Plan plan = small_plan();
  {
    Journal journal(folder / "j");
    journal.append(made_record(plan, 3, 0, 0, 12.5));
    Record invalid = made_record(plan, 3, 1, -1, 1);
    invalid.reasons = {"a \"gap\"\n"};
    invalid.row = {};
    journal.append(invalid);
  }
  const std::vector<Record> records = read_journal(folder / "j").records;
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].row.number(table::Column::total_energy_j), 12.5);
  EXPECT_EQ(records[0].what, target_text(plan.targets[3]));
  EXPECT_FALSE(records[1].valid());
  EXPECT_EQ(records[1].reasons.front(), "a \"gap\"\n");
}

TEST(Journal, CutAnywhereItKeepsAllWholeLinesAndGoesOn) {
  const TemporaryFolder folder;
  const Plan plan = small_plan();
  {
    Journal journal(folder / "j");
    for (int i = 0; i < 3; ++i) journal.append(made_record(plan, 0, i, i, 10 + i));
  }
  const std::string whole = read_file(folder / "j");
  for (std::size_t length = 0; length <= whole.size(); length += 7) {
    write_file(folder / "cut", whole.substr(0, length));
    const auto lines = static_cast<std::size_t>(std::ranges::count(whole.substr(0, length), '\n'));
    Journal journal(folder / "cut");
    ASSERT_EQ(journal.records().size(), lines);
    const bool cut = length > 0 && whole[length - 1] != '\n';
    ASSERT_EQ(journal.warnings().size(), cut ? 1u : 0u);
    if (cut) {
      ASSERT_THAT(journal.warnings()[0], HasSubstr("cut:" + std::to_string(lines + 1) +
                                                   ": ignored the last line, which is cut off"));
    }
    journal.append(made_record(plan, 1, 0, 0, 99));
    ASSERT_EQ(read_journal(folder / "cut").records.size(), lines + 1);
    ASSERT_EQ(read_journal(folder / "cut").records.back().row.number(table::Column::total_energy_j), 99);
  }
}

TEST(Journal, ALineThatStandsTwiceIsOneRow) {
  const Plan plan = small_plan();
  const std::string line = io::print_json(record_json(made_record(plan, 2, 0, 0, 10)), 0) + '\n';
  const JournalContent content = parse_journal(line + line, "j");
  ASSERT_EQ(content.records.size(), 2u);
  EXPECT_TRUE(content.records[0].valid());
  EXPECT_FALSE(content.records[1].valid());
  EXPECT_EQ(content.refused, 1u);
  EXPECT_THAT(content.warnings.at(0), HasSubstr("an earlier line has the same attempt"));
}

TEST(Journal, ARowThatContradictsItsConfigurationIsRefused) {
  const Plan plan = small_plan();
  const table::Load load = plan.targets[2].load;
  const std::vector<std::pair<table::Column, double>> edits = {{table::Column::batch, load.batch + 1},
                                                               {table::Column::isl, load.isl * 2},
                                                               {table::Column::osl, load.osl + 5},
                                                               {table::Column::tp, 64}};
  for (const auto& [column, value] : edits) {
    Record record = made_record(plan, 2, 0, 0, 10);
    record.row.set(column, value);
    const JournalContent content = parse_journal(io::print_json(record_json(record), 0) + '\n', "j");
    EXPECT_EQ(content.refused, 1u) << table::info(column).name;
    EXPECT_THAT(content.warnings.at(0), HasSubstr(std::string(table::info(column).name)));
    EXPECT_THAT(content.warnings.at(0), HasSubstr("contradicts the configuration"));
  }
}

TEST(Journal, ALineThatIsNoRecordIsRefusedWithItsPlace) {
  const TemporaryFolder folder;
  write_file(folder / "j", "{}\n");
  try {
    Journal journal(folder / "j");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("j:1:"));
  }
  EXPECT_EQ(read_file(folder / "j"), "{}\n");
}

TEST(Journal, ACorruptLineBeforeTheLastOneIsRefusedWithItsPlace) {
  const TemporaryFolder folder;
  const Plan plan = small_plan();
  {
    Journal journal(folder / "j");
    for (int i = 0; i < 3; ++i) journal.append(made_record(plan, 0, i, i, 10 + i));
  }
  const std::string whole = read_file(folder / "j");
  const std::size_t second = whole.find('\n') + 1;
  for (const std::string_view garbage : {"", "{", "\0\0\0", "[]", "null"}) {
    const std::string text =
        whole.substr(0, second) + std::string(garbage) + whole.substr(whole.find('\n', second));
    write_file(folder / "j", text);
    try {
      Journal journal(folder / "j");
      FAIL() << garbage;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("j:2:")) << garbage;
    }
    EXPECT_EQ(read_file(folder / "j"), text) << "left as it is";
  }
}

TEST(Journal, IsForOneAtATime) {
  const TemporaryFolder folder;
  const Journal first(folder / "j");
  EXPECT_THROW(Journal second(folder / "j"), Error);
}

/// A limit on the size of files stands in for a disk that is full.
TEST(Journal, AFullDiskLeavesWhatWasThere) {
  const TemporaryFolder folder;
  const Plan plan = small_plan();
  Journal journal(folder / "j");
  journal.append(made_record(plan, 0, 0, 0, 1));
  const std::string before = read_file(folder / "j");
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = old;
  small.rlim_cur = before.size() + 100;
  ::setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_THROW(journal.append(made_record(plan, 1, 0, 0, 2)), Error);
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(read_file(folder / "j"), before);
  EXPECT_EQ(journal.records().size(), 1u);
  journal.append(made_record(plan, 1, 0, 0, 2));
  EXPECT_EQ(read_journal(folder / "j").records.size(), 2u);
}

}  // namespace
}  // namespace energylens::campaign
