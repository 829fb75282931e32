// SPDX-License-Identifier: Apache-2.0
#include "energylens/table/group.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

namespace energylens::table {
namespace {

using testing::ElementsAre;

std::vector<Group> groups_of(const std::string& csv, std::vector<std::string>* warnings = nullptr) {
  return groups(parse_csv(csv, "t.csv"), warnings);
}

TEST(Groups, EqualIdentityIsOneGroupAndBlankEqualsBlank) {
  const auto all = groups_of(
      "model,gpu,power_limit_w,batch,total_energy_j\n"
      "B,H100,,1,10\nA,H100,700,1,11\nB,H100,,2,12\nA,H100,300,1,13\n,,,1,14\n");
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].identity.text(), "all rows");
  EXPECT_EQ(all[1].identity.text(), "A, H100, power_limit_w=300");
  EXPECT_EQ(all[2].identity.text(), "A, H100, power_limit_w=700");
  EXPECT_EQ(all[3].identity.text(), "B, H100");
  EXPECT_EQ(all[3].rows.size(), 2u);
  EXPECT_EQ(all[3].identity["gpu"], "H100");
  EXPECT_EQ(all[3].identity["power_limit_w"], "");
}

TEST(Groups, IdentityCarriesWhatTheRowsSay) {
  const auto all = groups_of(
      "model,params_b,active_params_b,arch,simulated,batch,total_energy_j\nA,,,,,1,10\nA,47,13,moe,1,2,10\n");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].identity.params_b, 47);
  EXPECT_EQ(all[0].identity.active_params_b, 13);
  EXPECT_EQ(all[0].identity.arch, "moe");
  EXPECT_TRUE(all[0].identity.simulated);
}

TEST(Groups, RepeatsAreAveragedAndTheirSpreadKept) {
  const auto all =
      groups_of("tp,batch,total_energy_j,total_time_s\n2,1,100,1\n2,1,110,\n4,1,100,1\n2,1,121,2\n");
  ASSERT_EQ(all.size(), 1u);
  ASSERT_EQ(all[0].rows.size(), 2u);
  const Row& row = all[0].rows[0];
  EXPECT_EQ(row.repeats, 3);
  EXPECT_NEAR(row.results.total_energy_j, (100 + 110 + 121) / 3.0, 1e-12);
  EXPECT_EQ(row.results.total_time_s, 1.5) << "over the repeats that measured it";
  EXPECT_NEAR(row.log_sd, std::log(1.1), 1e-12);
  EXPECT_EQ(row.line, 2);
  EXPECT_EQ(row.file, "t.csv");
  EXPECT_EQ(all[0].rows[1].repeats, 1);
  EXPECT_FALSE(known(all[0].rows[1].log_sd));
}

TEST(Groups, RowsAreInCanonicalOrder) {
  const auto all = groups_of(
      "row_kind,tp,pp,batch,max_batch,isl,osl,energy_per_out_token_j\n"
      "steady,1,,1,,,8,1\njob,8,1,2,,16,8,1\njob,1,8,2,,16,8,1\njob,4,2,2,,16,8,1\n,1,1,2,,,8,1\njob,1,1,1,,"
      "99,99,1\n");
  ASSERT_EQ(all.size(), 1u);
  std::vector<std::string> order;
  for (const Row& row : all[0].rows) {
    order.push_back((row.config.load.kind == RowKind::job ? "job " : "steady ") +
                    number_text(row.config.load.batch) + ' ' + number_text(row.config.load.isl) + ' ' +
                    layout_text(row.config.layout));
  }
  EXPECT_THAT(order, ElementsAre("job 1 99 tp1", "job 2 nan tp1", "job 2 16 tp1pp8", "job 2 16 tp4pp2",
                                 "job 2 16 tp8", "steady 1 nan tp1"));
}

TEST(Groups, RowsThatCannotBeFittedAreLeftOutAndCounted) {
  std::vector<std::string> warnings;
  const auto all = groups_of(
      "batch,total_energy_j,avg_power_w,tpot_s\n1,10,,\n,10,,\n2,,,\n3,,200,\n4,,,0.1\n", &warnings);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].rows.size(), 2u);
  EXPECT_THAT(warnings, ElementsAre("1 row without a batch excluded",
                                    "2 rows with neither an energy nor a time excluded"));
}

TEST(Groups, ColumnsThatDifferWithinRepeatsAreNamed) {
  std::vector<std::string> warnings;
  groups_of(
      "batch,total_energy_j,fan,dataset,repeat,source_file,notes,concurrency,same\n"
      "1,10,low,a,0,f,n,1,x\n1,11,high,b,1,g,m,2,x\n2,10,low,a,0,f,n,1,x\n3,10,low,a,0,f,n,1,y\n",
      &warnings);
  EXPECT_THAT(
      warnings,
      ElementsAre("repeats with different values in column concurrency (1 set of repeats) were averaged",
                  "repeats with different values in column fan (1 set of repeats) were averaged"));
}

TEST(Groups, RepeatsThatContradictEachOtherAreNamedWithTheirLines) {
  std::vector<std::string> warnings;
  groups_of("batch,total_energy_j\n1,10\n1,30\n2,10\n2,11\n1,12\n", &warnings);
  EXPECT_THAT(
      warnings,
      ElementsAre(
          "results differ by too much in 1 set of repeats, most in t.csv:2 and t.csv:3, by a factor of "
          "3; averaged nevertheless"));
}

TEST(Groups, OddLayoutsAndMixedOriginsAreNamed) {
  std::vector<std::string> warnings;
  groups_of("num_gpus,tp,ep,simulated,batch,total_energy_j\n4,2,2,1,1,10\n4,4,1,0,1,10\n", &warnings);
  EXPECT_THAT(warnings, ElementsAre("1 row with num_gpus = tp*pp*ep read as tp*ep tensor-parallel GPUs",
                                    "1 group mixes simulated and measured rows"));
}

TEST(Groups, TheOrderOfRowsDoesNotMatter) {
  std::vector<std::string> lines = {"A,2,1,100.1", "A,2,1,103.3", "A,2,1,99.7",
                                    "B,2,1,50",    "A,4,1,80",    "A,2,7,300"};
  const auto hash = [&] {
    std::string csv = "model,tp,batch,total_energy_j\n";
    for (const std::string& line : lines) csv += line + '\n';
    return data_hash(groups_of(csv));
  };
  const std::string first = hash();
  EXPECT_EQ(first.size(), 16u);
  std::sort(lines.begin(), lines.end());
  do {
    ASSERT_EQ(hash(), first);
  } while (std::next_permutation(lines.begin(), lines.end()));
  lines.back() += '1';
  EXPECT_NE(hash(), first);
}

TEST(Groups, ATableWithoutRowsHasNone) {
  EXPECT_TRUE(groups_of("batch,total_energy_j\n").empty());
}

}  // namespace
}  // namespace energylens::table
