// SPDX-License-Identifier: Apache-2.0
#include "importers/contradictions.hpp"

#include <gmock/gmock.h>

#include "table/expect_error.hpp"

namespace energylens::importers {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kResult =
    R"({"num_prompts": 40, "completed": 40, "duration": 20.0, "total_output_tokens": 4000, "request_throughput": 2.0,
"mean_ttft_ms": 500.0, "p99_ttft_ms": 900.0, "mean_e2el_ms": 3500.0})";

std::string refusal(const std::string& from, const std::string& to,
                    std::vector<std::string>* warnings = nullptr) {
  std::string text = kResult;
  text.replace(text.find(from), from.size(), to);
  std::vector<std::string> none;
  return table::error_of(
      [&] { check_contradictions(io::parse_json(text, "run.json"), warnings ? *warnings : none); });
}

TEST(Contradictions, FiguresOfOneRunPass) {
  std::vector<std::string> warnings;
  check_contradictions(io::parse_json(kResult, "run.json"), warnings);
  EXPECT_THAT(warnings, IsEmpty());
  check_contradictions(io::parse_json("{}", "run.json"), warnings);
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(Contradictions, FiguresThatOthersRuleOutAreRefusedAtTheirPlace) {
  EXPECT_THAT(refusal("\"completed\": 40", "\"completed\": 50"), HasSubstr("run.json:1:"));
  EXPECT_THAT(refusal("\"completed\": 40", "\"completed\": 50"), HasSubstr("more than the 40 prompts"));
  EXPECT_THAT(refusal("500.0", "50000.0"), HasSubstr("longer than the run of 20 s"));
  EXPECT_THAT(refusal("900.0", "90000.0"), HasSubstr("longer than the run of 20 s"));
  EXPECT_THAT(refusal("500.0", "5000.0"), HasSubstr("longer than the mean of whole requests"));
  EXPECT_THAT(refusal("500.0", "-500.0"), HasSubstr("is negative"));
  EXPECT_THAT(refusal("4000", "-4000"), HasSubstr("is negative"));
}

TEST(Contradictions, ARateOfAnotherRunIsWarnedOf) {
  std::vector<std::string> warnings;
  EXPECT_THAT(refusal("\"request_throughput\": 2.0", "\"request_throughput\": 4.0", &warnings), "no error");
  EXPECT_THAT(warnings, testing::ElementsAre(HasSubstr("40 requests in 20 s are 2 per second")));
}

}  // namespace
}  // namespace energylens::importers
