// SPDX-License-Identifier: Apache-2.0
#include "table/definitions.hpp"

#include <gmock/gmock.h>

#include "energylens/table/group.hpp"
#include "table/expect_error.hpp"

namespace energylens::table {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string refusal(const std::string& header, const std::string& row) {
  return error_of([&] { parse_csv(header + '\n' + row + '\n', "t.csv"); });
}

std::vector<std::string> findings(const std::string& header, const std::string& rows) {
  std::vector<std::string> warnings;
  groups(parse_csv(header + '\n' + rows + '\n', "t.csv"), &warnings);
  return warnings;
}

constexpr const char* kJob = "tp,batch,isl,osl,total_energy_j,total_time_s,";
constexpr const char* kSteady =
    "row_kind,tp,batch,isl,osl,avg_power_w,throughput_tok_s,energy_per_out_token_j";

TEST(Definitions, EnergyPerTokenOfAJobIsItsTotalOverItsTokens) {
  const std::string header = std::string(kJob) + "energy_per_out_token_j";
  EXPECT_EQ(refusal(header, "4,8,100,100,8000,4,10"), "no error");
  EXPECT_EQ(refusal(header, "4,8,100,100,8000,4,14.9"), "no error") << "means of other windows";
  EXPECT_EQ(
      refusal(header, "4,8,100,100,8000,4,2.5"),
      "t.csv:2:energy_per_out_token_j: 2.5 contradicts total_energy_j 8000, batch 8, osl 100, which give 10; "
      "is it of one GPU by mistake?");
  EXPECT_EQ(
      refusal(header, "4,8,100,100,8000,4,35"),
      "t.csv:2:energy_per_out_token_j: 35 contradicts total_energy_j 8000, batch 8, osl 100, which give 10");
  EXPECT_THAT(refusal(header, "4,8,100,100,8000,4,80"),
              HasSubstr("; is it of a step of the whole batch by mistake?"));
  EXPECT_THAT(refusal(header, "4,8,100,100,8000,4,1e4"), HasSubstr("; is it in mJ by mistake?"));
}

TEST(Definitions, EnergyPerRequestOfAJobIsItsTotalOverItsRequests) {
  const std::string header = std::string(kJob) + "energy_per_request_j";
  EXPECT_EQ(refusal(header, "4,8,100,100,8000,4,1100"), "no error");
  EXPECT_EQ(refusal(header, "4,8,100,100,8000,4,8000"),
            "t.csv:2:energy_per_request_j: 8000 contradicts total_energy_j 8000, batch 8, which give 1,000; "
            "is it of the whole batch by mistake?");
}

TEST(Definitions, TokensOfInputAndOutputAreADoubtAndNoRefusal) {
  const std::string header = std::string(kJob) + "energy_per_out_token_j";
  EXPECT_THAT(
      findings(header, "4,8,300,100,8000,4,2.4\n4,4,300,100,4000,4,2.5"),
      ElementsAre("2 rows contradict themselves in energy_per_out_token_j: is it per token of input and "
                  "output? First: t.csv:2: 2.4, but total_energy_j 8000, batch 8, osl 100, which give 10"));
  EXPECT_THAT(findings(header, "4,8,,100,8000,4,2.5"),
              ElementsAre(HasSubstr("per token of input and output?")))
      << "isl is not known";
  EXPECT_THAT(findings(header, "4,8,300,100,8000,4,10"), IsEmpty());
}

TEST(Definitions, ThroughputOfAJobIsItsTokensOverItsTime) {
  const std::string header = std::string(kJob) + "throughput_tok_s";
  EXPECT_THAT(findings(header, "4,8,300,100,8000,4,200"), IsEmpty());
  EXPECT_THAT(
      findings(header, "4,8,300,100,8000,4,800"),
      ElementsAre("1 row contradicts itself in throughput_tok_s: does it count tokens of input and output? "
                  "First: t.csv:2: 800, but batch 8, osl 100, total_time_s 4, which give 200"));
  EXPECT_THAT(findings(header, "4,8,300,100,8000,4,25"),
              ElementsAre(HasSubstr("the mean of the requests' own rates?")));
}

TEST(Definitions, AThroughputThatNoDefinitionExplainsIsRefused) {
  const std::string header = std::string(kJob) + "throughput_tok_s";
  EXPECT_EQ(refusal(header, "4,8,300,100,8000,4,1500"),
            "t.csv:2:throughput_tok_s: 1500 contradicts batch 8, osl 100, total_time_s 4, which give 200");
  EXPECT_THAT(refusal(header, "4,8,300,100,8000,4,15"), HasSubstr("15 contradicts"))
      << "less than one request's";
  EXPECT_THAT(
      findings(header, "4,8,,100,8000,4,400"),
      ElementsAre(HasSubstr("tokens of input and output, or is it the mean of the requests' own rates?")));
}

TEST(Definitions, EnergyPerTokenOfASteadyRowIsItsPowerOverItsThroughput) {
  EXPECT_EQ(refusal(kSteady, "steady,4,8,300,100,2000,1000,2"), "no error");
  EXPECT_EQ(refusal(kSteady, "steady,4,8,3,100,2000,1000,0.5"),
            "t.csv:2:energy_per_out_token_j: 0.5 contradicts avg_power_w 2000, throughput_tok_s 1000, which "
            "give 2; "
            "is it of one GPU by mistake?");
  EXPECT_THAT(refusal(kSteady, "steady,4,8,3,100,500,1000,2"),
              HasSubstr("; is avg_power_w of one GPU by mistake?"));
  EXPECT_THAT(findings(kSteady, "steady,4,8,300,100,2000,4000,2"),
              ElementsAre(HasSubstr("does throughput_tok_s count tokens of input and output?")));
  EXPECT_THAT(findings(kSteady, "steady,4,8,300,100,2000,1000,0.5"),
              ElementsAre(HasSubstr("per token of input and output?")));
  EXPECT_THAT(
      refusal("row_kind,batch,osl,energy_per_out_token_j,energy_per_request_j", "steady,8,100,2,2000"),
      HasSubstr("2000 contradicts energy_per_out_token_j 2, osl 100, which give 200"));
}

TEST(Definitions, PhasesOfAJobAddUpToItsTotal) {
  const std::string header = "batch,prefill_energy_j,decode_energy_j,total_energy_j";
  EXPECT_EQ(refusal(header, "8,500,500,1000"), "no error");
  EXPECT_EQ(refusal(header, "8,300,200,1000"),
            "t.csv:2:total_energy_j: 1000 contradicts its phases: prefill_energy_j 300 and decode_energy_j "
            "200 add up "
            "to 500");
  EXPECT_THAT(refusal(header, "8,900,900,1000"), HasSubstr("add up to 1,800"));
  EXPECT_EQ(refusal(header + ",encoder_energy_j", "8,300,200,1000,400"), "no error")
      << "the encoder is in the total";
  EXPECT_THAT(refusal("batch,prefill_time_s,decode_time_s,total_time_s", "8,4,4,5"),
              HasSubstr("add up to 8"));
  EXPECT_THAT(
      findings("batch,prefill_time_s,decode_time_s,total_time_s", "8,1,2,5"),
      ElementsAre(
          "1 row contradicts itself in total_time_s: does it contain time outside of both phases, such as "
          "waiting? First: t.csv:2: prefill_time_s 1 and decode_time_s 2, but total_time_s 5"));
}

TEST(Definitions, NoLatencyIsLongerThanTheJob) {
  for (const std::string latency : {"ttft_s", "tpot_s"}) {
    EXPECT_EQ(refusal("batch,total_time_s," + latency, "8,4,4.9"), "no error") << "of a run of its own";
    EXPECT_EQ(refusal("batch,total_time_s," + latency, "8,4,30"),
              "t.csv:2:" + latency +
                  ": 30 s is longer than the job, whose total_time_s is 4; is it in ms by mistake?");
    EXPECT_EQ(refusal("row_kind,batch,total_time_s," + latency, "steady,8,4,30"), "no error");
  }
}

TEST(Definitions, IdlePowerIsNotAboveThePowerUnderLoad) {
  EXPECT_EQ(refusal("batch,avg_power_w,total_time_s,idle_power_w", "8,400,10,450"), "no error");
  EXPECT_EQ(refusal("batch,avg_power_w,total_time_s,idle_power_w", "8,400,10,600"),
            "t.csv:2:idle_power_w: 600 W without load is more than the mean power under load, 400 W");
  EXPECT_THAT(refusal("batch,total_energy_j,total_time_s,idle_power_w", "8,4000,10,600"),
              HasSubstr("load, 400 W"));
  EXPECT_THAT(
      refusal("row_kind,batch,energy_per_out_token_j,throughput_tok_s,idle_power_w", "steady,8,2,200,600"),
      HasSubstr("load, 400 W"));
}

}  // namespace
}  // namespace energylens::table
