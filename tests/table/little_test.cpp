// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/table/group.hpp"
#include "table/expect_error.hpp"

namespace energylens::table {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// 1000 tokens/s of 101 each are 9.9 requests/s; 0.2 s + 100 * 0.02 s each: 21.8 in flight.
std::string refusal(const std::string& columns, const std::string& cells) {
  return error_of([&] {
    parse_csv("row_kind,osl,energy_per_out_token_j,throughput_tok_s," + columns + "\nsteady,101,0.4,1000," +
                  cells + '\n',
              "t.csv");
  });
}

std::vector<std::string> warnings(const std::string& columns, const std::string& cells) {
  std::vector<std::string> lines;
  groups(parse_csv("row_kind,osl,energy_per_out_token_j,throughput_tok_s," + columns +
                       "\nsteady,101,0.4,1000," + cells + '\n',
                   "t.csv"),
         &lines);
  return lines;
}

constexpr const char* kAll = "batch,ttft_s,tpot_s,isl,tp,dp";

TEST(Little, RequestsInFlightAreRateTimesLatency) {
  EXPECT_EQ(refusal(kAll, "21.8,0.2,0.02,512,1,1"), "no error");
  EXPECT_THAT(warnings(kAll, "21.8,0.2,0.02,512,1,1"), IsEmpty());
  EXPECT_EQ(refusal(kAll, "30,0.2,0.02,512,1,1"), "no error") << "means of other windows";
}

TEST(Little, ABatchThatLatencyAndThroughputDoNotGiveIsRefused) {
  EXPECT_EQ(
      refusal(kAll, "50,0.2,0.02,512,1,1"),
      "t.csv:2:batch: 50 contradicts throughput_tok_s 1000, ttft_s 0.2, tpot_s 0.02, osl 101, which give "
      "21.8 requests in flight");
  EXPECT_THAT(refusal(kAll, "9,0.2,0.02,512,1,1"), HasSubstr("9 contradicts"));
}

TEST(Little, ADifferenceThatMediansExplainIsAQuestion) {
  EXPECT_EQ(refusal(kAll, "38,0.2,0.02,512,1,1"), "no error");
  EXPECT_THAT(warnings(kAll, "38,0.2,0.02,512,1,1"),
              Contains(HasSubstr("are throughput and latencies means over one window?")));
}

TEST(Little, LikelyMistakesAreNamed) {
  EXPECT_THAT(refusal(kAll, "5.4,0.2,0.02,512,2,4"), HasSubstr("; is it of one replica by mistake?"));
  EXPECT_THAT(refusal(kAll, "174,0.2,0.02,512,8,1"),
              HasSubstr("; is throughput_tok_s of one GPU by mistake?"));
  EXPECT_THAT(refusal("batch,tpot_s,tp", "20,20,1"), HasSubstr("; are latencies in ms by mistake?"));
}

TEST(Little, AnExplanationIsAQuestionAndTheRowStays) {
  EXPECT_EQ(refusal("batch,tpot_s,tp", "50,0.02,1"), "no error");
  EXPECT_THAT(warnings("batch,tpot_s,tp", "50,0.02,1"), Contains(HasSubstr("is tpot_s a median")));
  EXPECT_THAT(warnings(kAll, "20,3,0.02,512,1,1"),
              Contains(HasSubstr("does ttft_s contain time in a queue?")));
  EXPECT_THAT(warnings("batch,tpot_s,isl,tp", "3.3,0.02,512,1"),
              Contains(HasSubstr("does throughput_tok_s count tokens of input and output?")));
}

TEST(Little, ArrivalsGiveAnUpperLimit) {
  const auto of_rate = [](const std::string& batch) {
    return error_of([&] {
      parse_csv(
          "row_kind,osl,energy_per_out_token_j,request_rate_rps,ttft_s,tpot_s,batch\nsteady,101,0.4,10,0.2,"
          "0.02," +
              batch + '\n',
          "t.csv");
    });
  };
  EXPECT_EQ(of_rate("20"), "no error");
  EXPECT_EQ(of_rate("5"), "no error") << "more arrives than is served";
  EXPECT_THAT(of_rate("60"), HasSubstr("60 contradicts request_rate_rps 10"));
}

TEST(Little, NoMoreRequestsAreInFlightThanClientsSend) {
  EXPECT_THAT(refusal("batch,tpot_s,concurrency", "20,0.02,8"), HasSubstr("more than the 8 clients"));
  EXPECT_EQ(refusal("batch,tpot_s,concurrency", "20,0.02,20"), "no error");
}

TEST(Little, JobsAreNotJudgedByIt) {
  EXPECT_EQ(error_of([] {
              parse_csv("batch,osl,total_energy_j,throughput_tok_s,tpot_s\n64,101,4000,1000,0.02\n", "t.csv");
            }),
            "no error");
}

}  // namespace
}  // namespace energylens::table
