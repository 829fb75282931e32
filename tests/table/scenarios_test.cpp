// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "energylens/table/group.hpp"

namespace energylens::table {
namespace {

using testing::ElementsAre;

/// The scenarios of a table with one group, each as the layouts of its rows: "tp1 tp2".
std::vector<std::string> scenarios_of(const std::string& csv, bool same_gpus = false) {
  const std::vector<Group> all = groups(parse_csv(csv, "t.csv"));
  EXPECT_EQ(all.size(), 1u);
  std::vector<std::string> texts;
  for (const Scenario& scenario : scenarios(all[0], same_gpus)) {
    std::string text;
    for (const std::size_t row : scenario.rows) {
      text += (text.empty() ? "" : " ") + layout_text(all[0].rows[row].config.layout);
    }
    texts.push_back(text);
  }
  return texts;
}

TEST(Scenarios, JobsOfEqualLoadCompareTheirLayouts) {
  EXPECT_THAT(scenarios_of("tp,pp,batch,isl,osl,total_energy_j\n"
                           "4,1,8,16,32,100\n8,1,8,16,32,100\n2,1,8,16,64,100\n"
                           "1,1,1,16,32,100\n1,2,1,16,32,100\n1,4,1,16,32,100\n"),
              ElementsAre("tp1 tp1pp2 tp1pp4", "tp4 tp8"));
}

TEST(Scenarios, BlankLengthsEqualBlankLengths) {
  EXPECT_THAT(scenarios_of("tp,batch,osl,total_energy_j\n1,8,32,10\n2,8,32,10\n"), ElementsAre("tp1 tp2"));
}

TEST(Scenarios, OtherWorkIsAnotherQuestion) {
  EXPECT_THAT(scenarios_of("tp,batch,isl,osl,image_tokens,total_energy_j\n1,8,64,32,,10\n2,8,64,32,60,10\n"),
              ElementsAre());
}

TEST(Scenarios, EqualGpuCountsOnDemand) {
  const std::string csv =
      "tp,pp,batch,total_energy_j\n1,1,8,10\n2,1,8,10\n4,1,8,10\n1,4,8,10\n2,2,8,10\n8,1,8,10\n1,8,8,10\n";
  EXPECT_THAT(scenarios_of(csv), ElementsAre("tp1 tp1pp4 tp1pp8 tp2 tp2pp2 tp4 tp8"));
  EXPECT_THAT(scenarios_of(csv, true), ElementsAre("tp1pp4 tp2pp2 tp4", "tp1pp8 tp8"));
}

TEST(Scenarios, SteadyRowsCompareAtEqualMaxBatch) {
  EXPECT_THAT(scenarios_of("row_kind,tp,batch,max_batch,osl,energy_per_out_token_j\n"
                           "steady,1,7.9,8,100,1\nsteady,2,7.5,8,101,1\nsteady,2,7.6,8,101,1\n"
                           "steady,1,15,16,100,1\nsteady,4,15,,100,1\nsteady,8,14,,100,1\n"),
              ElementsAre("tp2 tp2 tp1"));
}

TEST(Scenarios, SteadyRowsOfOtherLengthsAreAnotherQuestion) {
  EXPECT_THAT(scenarios_of("row_kind,tp,batch,max_batch,isl,osl,energy_per_out_token_j\n"
                           "steady,1,8,8,1000,100,1\nsteady,2,8,8,1000,100,1\n"
                           "steady,1,8,8,8000,100,2\nsteady,4,8,8,7600,102,2\n"
                           "steady,8,8,8,1000,300,1\n"),
              ElementsAre("tp1 tp2", "tp4 tp1"));
}

TEST(Scenarios, ClientsStandInForALimitThatNobodyStates) {
  EXPECT_THAT(scenarios_of("row_kind,tp,batch,concurrency,isl,osl,energy_per_out_token_j\n"
                           "steady,1,7.9,8,1000,100,1\nsteady,2,7.5,8,1000,100,1\n"
                           "steady,4,7.5,16,1000,100,1\n"),
              ElementsAre("tp2 tp1"));
}

TEST(Scenarios, RowsWithoutEnergyTakeNoPart) {
  EXPECT_THAT(scenarios_of("tp,batch,total_energy_j,total_time_s\n1,8,10,1\n2,8,,1\n"), ElementsAre());
}

}  // namespace
}  // namespace energylens::table
