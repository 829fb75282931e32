// SPDX-License-Identifier: Apache-2.0
#include "table/findings.hpp"

#include <gmock/gmock.h>

#include "energylens/table/group.hpp"

namespace energylens::table {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kRows =
    "model,layout,batch,total_energy_j,repeat,site\n"
    "A,tp2,1,100,1,x\nA,tp2,1,100,2,x\nA,tp2,2,180,,x\nA,tp4,1,100,1,x\nA,tp2,1,100,1,y\n";

std::vector<std::string> warnings_of(const Table& table) {
  std::vector<std::string> warnings;
  groups(table, &warnings);
  return warnings;
}

TEST(Doubts, RowsThatDifferInOneCellOfAnyColumnAreNotIdentical) {
  EXPECT_FALSE(identical_rows(parse_csv(kRows, "t.csv")));
}

TEST(Doubts, AFileGivenTwice) {
  const Table twice = concatenate({parse_csv(kRows, "t.csv"), parse_csv(kRows, "t.csv")});
  EXPECT_THAT(warnings_of(twice),
              testing::Contains("5 rows occur twice with equal cells, first at t.csv:2 and "
                                "t.csv:2; averaged nevertheless"));
}

TEST(Doubts, OneRowThatTwoFilesHaveInCommonUnderOtherOrdersOfColumns) {
  const Table both =
      concatenate({parse_csv("batch,total_energy_j,site\n1,10,x\n2,,x\n3,30,\n", "a.csv"),
                   parse_csv("site,batch,total_energy_j\nx,3,30\ny,1,10\nx,2,\n,3,30\n", "b.csv")});
  EXPECT_EQ(identical_rows(both),
            "2 rows occur twice with equal cells, first at a.csv:3 and b.csv:4; averaged nevertheless");
}

TEST(Doubts, AColumnOfAnotherSpellingBesideTheKnownOne) {
  const Table table =
      parse_csv("tp,TP,TTFT-s,ttft_s,mood,batch,total_energy_j\n2,4,1,1,good,1,10\n", "t.csv");
  EXPECT_THAT(spelling_findings(table, groups(table)),
              ElementsAre("column \"TP\" is not used; the table has a column \"tp\"",
                          "column \"TTFT-s\" is not used; the table has a column \"ttft_s\""));
}

TEST(Doubts, GroupsThatDifferInCapitalLettersOnly) {
  const Table table = parse_csv(
      "model,gpu,batch,total_energy_j\nfoo-13b,H100,1,10\nFoo-13B,H100,1,10\nfoo-13b,A100,1,10\n", "t.csv");
  EXPECT_THAT(
      spelling_findings(table, groups(table)),
      ElementsAre(
          "groups that differ in capital letters only: Foo-13B, H100 (t.csv:3) and foo-13b, H100 (t.csv:2)"));
  const Table other = parse_csv("model,quant,batch,total_energy_j\nA,b,1,10\nA,c,1,10\n", "t.csv");
  EXPECT_THAT(spelling_findings(other, groups(other)), IsEmpty());
}

}  // namespace
}  // namespace energylens::table
