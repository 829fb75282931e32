// SPDX-License-Identifier: Apache-2.0
#include "campaign/serving/command.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::campaign {
namespace {

using testing::ElementsAre;

TEST(Command, IsSplitLikeAShellSplits) {
  EXPECT_THAT(split_words("  vllm  serve\t'a b' \"c \\\"d\\\"\" e\\ f '' g'h'i "),
              ElementsAre("vllm", "serve", "a b", "c \"d\"", "e f", "", "ghi"));
  EXPECT_THAT(split_words(""), ElementsAre());
  EXPECT_THAT(split_words("$HOME ; `x` | y"), ElementsAre("$HOME", ";", "`x`", "|", "y"));
  EXPECT_THROW(split_words("a 'b"), Error);
  EXPECT_THROW(split_words("a \"b\\\""), Error);
}

RC_GTEST_PROP(Command, QuotedWordsComeBack, (const std::vector<std::string>& words)) {
  std::string command;
  for (const std::string& word : words) command += shell_quoted(word) + ' ';
  RC_ASSERT(split_words(command) == words);
}

TEST(Command, PlaceholdersAreFilledAndOtherBracesStay) {
  const Values values = {{"tp", "4"}, {"model", "a {tp} b"}};
  EXPECT_EQ(fill("--tp {tp} {model} {\"json\": {}} {unknown} {", values),
            "--tp 4 a {tp} b {\"json\": {}} {unknown} {");
  EXPECT_NO_THROW(check_placeholders("{tp} {\"a\": 1} {api_key}"));
  EXPECT_THROW(check_placeholders("{modle}"), Error);
}

}  // namespace
}  // namespace energylens::campaign
