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
  EXPECT_EQ(read({text_chunk(""), none, kDone}).problem, "the response contains no text");
  EXPECT_EQ(read({text_chunk(""), kDone}).problem, "the response contains no text");
}

std::string usage_of(int tokens) {
  return "data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 7, \"completion_tokens\": " +
         std::to_string(tokens) + "}}\n\n";
}
std::string delta(const std::string& members) {
  return "data: {\"choices\": [{\"delta\": {" + members + "}}]}\n\n";
}

TEST(OpenAi, AnAnswerInOnePieceHasNoTimeOfItsFirstToken) {
  const Completion c = read({text_chunk("all of it"), usage_of(20), kDone});
  EXPECT_EQ(c.problem, "");
  EXPECT_TRUE(c.in_one_piece());
  EXPECT_FALSE(known(c.ttft_s()) || known(c.tpot_s()));
  EXPECT_EQ(c.e2e_s(), 3);
  EXPECT_EQ(read({text_chunk("one"), usage_of(1), kDone}).ttft_s(), 1) << "one token in one piece is timed";
  // Neither the role nor the end is a second piece.
  EXPECT_TRUE(
      read({delta("\"role\": \"assistant\", \"content\": \"\""), delta("\"content\": \"all\""),
            "data: {\"choices\": [{\"delta\": {\"content\": \"\"}, \"finish_reason\": \"stop\"}]}\n\n",
            usage_of(9), kDone})
          .in_one_piece());
  Completion uncounted;
  AnswerReader reader(uncounted);
  uncounted.begin_s = 9;
  uncounted.asked_tokens = 20;
  reader.feed(text_chunk("all of it") + kDone, 10);
  reader.end(11);
  EXPECT_TRUE(uncounted.in_one_piece()) << "twenty were asked for";
}

TEST(OpenAi, PiecesThatWereHeldBackAndSentAtOnceHaveNoTimes) {
  std::string all;
  for (int i = 0; i < 20; ++i) all += text_chunk("a");
  EXPECT_TRUE(read({all + usage_of(20) + kDone}).in_one_piece());
  EXPECT_FALSE(read({text_chunk("a"), all, usage_of(21), kDone}).in_one_piece());
}

TEST(OpenAi, PartsOfToolCallsAreTokens) {
  for (const std::string part : {R"("tool_calls": [{"index": 0, "function": {"arguments": "x"}}])",
                                 R"("function_call": {"arguments": "x"})", R"("refusal": "no")",
                                 R"("content": [{"type": "text", "text": "x"}])", R"("reasoning": "hm")"}) {
    const Completion c = read({delta("\"role\": \"assistant\", \"content\": null"), delta(part), delta(part),
                               delta(part), usage_of(3), kDone});
    EXPECT_EQ(c.problem, "") << part;
    EXPECT_EQ(c.ttft_s(), 2) << part;
    EXPECT_THAT(c.gaps_s, ElementsAre(1, 1)) << part;
    EXPECT_EQ(c.pieces, 3);
  }
  EXPECT_EQ(read({delta("\"tool_calls\": []"), usage_of(0), kDone}).problem, "the response contains no text");
}

TEST(OpenAi, PiecesWithoutTextAreTokensWhereEveryTokenHasAPiece) {
  const Completion c =
      read({text_chunk(""), text_chunk(""), text_chunk("ab"), text_chunk("c"), usage_of(4), kDone});
  EXPECT_EQ(c.ttft_s(), 1) << "the text of the first two tokens came with the third";
  EXPECT_THAT(c.gaps_s, ElementsAre(1, 1, 1));
  const Completion more =
      read({text_chunk(""), text_chunk(""), text_chunk("ab"), text_chunk("c"), usage_of(3), kDone});
  EXPECT_EQ(more.ttft_s(), 3) << "one of them is no token";
}

TEST(OpenAi, PiecesOfSeveralTokensAreCounted) {
  EXPECT_TRUE(read({text_chunk("a b c d"), text_chunk("e f g h"), usage_of(8), kDone}).has_long_pieces());
  EXPECT_FALSE(read({text_chunk("a"), text_chunk("b"), usage_of(2), kDone}).has_long_pieces());
  EXPECT_FALSE(read({text_chunk("a"), text_chunk("b"), usage_of(3), kDone}).has_long_pieces())
      << "the last ends it";
}

TEST(OpenAi, AnAnswerThatIsNotStreamedIsCalledThat) {
  EXPECT_THAT(read({"{\"choices\": [{\"text\": \"a\"}],", " \"usage\": {}}"}).problem,
              HasSubstr("the server did not stream: it sent the response as one JSON document"));
  EXPECT_EQ(read({"\n: ping\n\n"}).problem, "the stream ended without [DONE]");
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
  EXPECT_EQ(read({kUsage, kDone}).problem, "the response contains no text");
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
  EXPECT_EQ(completion.problem, "the response is too long");
}

}  // namespace
}  // namespace energylens::load
