// SPDX-License-Identifier: Apache-2.0
#include "load/openai.hpp"

#include <gmock/gmock.h>

#include "table/expect_error.hpp"

namespace energylens::load {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Feeds each text as a piece, one second apart from 10 s on, and ends.
Completion read(const std::vector<std::string>& pieces) {
  Completion completion;
  AnswerReader reader(completion);
  completion.begin_s = 9;
  double now_s = 10;
  for (const std::string& piece : pieces) reader.feed(piece, now_s++);
  reader.end(now_s);
  return completion;
}

std::string text_chunk(const std::string& text) {
  return "data: {\"choices\": [{\"index\": 0, \"text\": \"" + text + "\", \"finish_reason\": null}]}\n\n";
}
constexpr const char* kUsage =
    "data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 7, \"completion_tokens\": 5}}\n\n";
constexpr const char* kDone = "data: [DONE]\n\n";

TEST(OpenAi, ACompletionIsTimedAndCountedByUsage) {
  const Completion c =
      read({text_chunk("a"), text_chunk("b c"), text_chunk(""), text_chunk("d"), kUsage, kDone});
  EXPECT_EQ(c.problem, "");
  EXPECT_EQ(c.ttft_s(), 1);
  EXPECT_THAT(c.gaps_s, ElementsAre(1, 2)) << "an empty piece is no token";
  EXPECT_EQ(c.prompt_tokens, 7);
  EXPECT_EQ(c.output_tokens, 5) << "not the four pieces";
  EXPECT_EQ(c.e2e_s(), 6);
  EXPECT_EQ(c.tpot_s(), 5.0 / 4);
}

TEST(OpenAi, AChatsFirstChunkNamesTheRoleAndIsNoToken) {
  const Completion c = read(
      {"data: {\"choices\": [{\"delta\": {\"role\": \"assistant\", \"content\": \"\"}}]}\n\n",
       "data: {\"choices\": [{\"delta\": {\"reasoning_content\": \"hm\"}}]}\n\n",
       "data: {\"choices\": [{\"delta\": {\"content\": \"x\"}}]}\n\n",
       "data: {\"choices\": [{\"delta\": {}, \"finish_reason\": \"length\"}], \"usage\": null}\n\n", kDone});
  EXPECT_EQ(c.problem, "");
  EXPECT_EQ(c.first_s, 11);
  EXPECT_EQ(c.finish_reason, "length");
  EXPECT_FALSE(known(c.output_tokens)) << "the server did not tell";
  EXPECT_FALSE(known(c.tpot_s()));
}

/// One token that is no text, as the end of a sequence: `usage` knows of it, and its piece tells when.
TEST(OpenAi, ATokenWithoutTextIsATokenIfTheServerCountsIt) {
  const std::string one =
      "data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 7, \"completion_tokens\": 1}}\n\n";
  const std::string none =
      "data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 7, \"completion_tokens\": 0}}\n\n";
  const Completion c = read({text_chunk(""), one, kDone});
  EXPECT_EQ(c.problem, "");
  EXPECT_EQ(c.ttft_s(), 1);
  EXPECT_EQ(read({text_chunk(""), none, kDone}).problem, "the answer contains no text");
  EXPECT_EQ(read({text_chunk(""), kDone}).problem, "the answer contains no text");
}

TEST(OpenAi, CountsThatAreNoneAreUnknown) {
  for (const char* count : {"-5", "1e30"}) {
    const std::string usage =
        std::string("data: {\"choices\": [], \"usage\": {\"completion_tokens\": ") + count + "}}\n\n";
    EXPECT_FALSE(known(read({text_chunk("a"), usage, kDone}).output_tokens)) << count;
  }
}

TEST(OpenAi, WhatIsNoWholeAnswerHasAProblem) {
  EXPECT_EQ(read({text_chunk("a")}).problem, "the stream ended without [DONE]");
  EXPECT_EQ(read({kUsage, kDone}).problem, "the answer contains no text");
  EXPECT_THAT(read({"data: {\"error\": {\"message\": \"too\\nlong\"}}\n\n"}).problem,
              HasSubstr("the server reports: {\"message\":"));
  EXPECT_THAT(read({"data: {oops\n\n", kDone}).problem, HasSubstr("stream:1:"));
  EXPECT_THAT(read({"data: {\"choices\": 7}\n\n"}).problem, HasSubstr("not"));
  EXPECT_THAT(read({"data: [1]\n\n"}).problem, HasSubstr("not"));
  EXPECT_THAT(read({"data: {\"choices\": [7]}\n\n"}).problem, HasSubstr("not"));
}

TEST(OpenAi, NothingIsReadAfterDone) {
  const Completion c = read({text_chunk("a"), std::string(kDone) + "data: {oops\n\n", text_chunk("late")});
  EXPECT_EQ(c.problem, "");
  EXPECT_EQ(c.end_s, 11);
}

TEST(OpenAi, RequestsAskForExactLengthsStreamsAndCounts) {
  Prompt prompt;
  prompt.text = "say";
  prompt.max_tokens = 64;
  const io::Json json = request_json(prompt, "toy");
  EXPECT_EQ(request_path(prompt), "/v1/completions");
  EXPECT_EQ(json.text("prompt"), "say");
  EXPECT_EQ(json.integer("max_tokens"), 64);
  EXPECT_EQ(json.integer("min_tokens"), 64);
  EXPECT_TRUE(json.boolean("ignore_eos"));
  EXPECT_TRUE(json.at("stream_options").boolean("include_usage"));
  prompt.exact = false;
  EXPECT_EQ(request_json(prompt, "toy").find("ignore_eos"), nullptr);
}

TEST(OpenAi, ImagesMakeAChatAndMustBeDataUrls) {
  Prompt prompt;
  prompt.text = "what is this?";
  prompt.images = {"data:image/png;base64,AAAA"};
  EXPECT_EQ(request_path(prompt), "/v1/chat/completions");
  const io::Json json = request_json(prompt, "toy");
  const io::Json& content = json.at("messages").items().at(0).at("content");
  EXPECT_EQ(content.items().at(1).at("image_url").text("url"), "data:image/png;base64,AAAA");
  prompt.images = {"/etc/passwd"};
  EXPECT_THAT(table::error_of([&] { request_json(prompt, "toy"); }), HasSubstr("must be a data URL"));
}

TEST(AnswerReader, AnAnswerWithoutEndIsCutOff) {
  Completion completion;
  AnswerReader reader(completion);
  const std::string piece = ": " + std::string((1u << 20) - 3, ' ') + "\n";
  std::size_t pieces = 0;
  while (reader.feed(piece, 1) && pieces < 1000) ++pieces;
  EXPECT_EQ(pieces, kMostAnswerBytes / piece.size());
  EXPECT_EQ(completion.problem, "the answer is too long");
}

}  // namespace
}  // namespace energylens::load
