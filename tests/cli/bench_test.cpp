// SPDX-License-Identifier: Apache-2.0
// `bench`, end to end, on servers of our own that answer at once.
#include <gmock/gmock.h>

#include <mutex>
#include <set>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"
#include "load/token_server.hpp"

namespace energylens::cli {
namespace {

using load::TokenServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kAsked = " --model m --concurrency 2 --requests 4 --isl 16 --osl 3 ";

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

/// A server that streams one piece for each of three tokens, to prompts of `prompt_tokens`.
TokenServer::Serve streaming(int prompt_tokens, int pieces = 3) {
  return [=](const std::string&, const TokenServer::Client& client) {
    client.begin_stream();
    for (int i = 0; i < pieces; ++i) client.send_token();
    client.end_stream(prompt_tokens, 3);
  };
}

class BenchVerb : public ProgramTest {
 protected:
  Outcome bench(const TokenServer& server, const std::string& more = "") const {
    return run("bench " + server.url() + kAsked + more);
  }
};

TEST_F(BenchVerb, EachRunHasItsOwnPromptsUnlessASeedRepeatsThem) {
  std::mutex mutex;
  std::multiset<std::string> prompts;
  const TokenServer server([&](const std::string& request, const TokenServer::Client& client) {
    {
      const std::lock_guard lock(mutex);
      prompts.insert(body_of(request));
    }
    streaming(16)(request, client);
  });
  const auto distinct = [&] { return std::set<std::string>(prompts.begin(), prompts.end()).size(); };
  const Outcome first = bench(server, "--strict --format json");
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(bench(server).code, 0);
  EXPECT_EQ(distinct(), 8u) << "a cache of prompts would answer the second run";
  const std::string seed = std::to_string(io::parse_json(first.out, "bench").integer("seed"));
  EXPECT_THAT(bench(server, "--seed " + seed).out, HasSubstr("--seed " + seed + " repeats the prompts"));
  EXPECT_EQ(distinct(), 8u) << "those of the first run";
}

TEST_F(BenchVerb, AnswersInOnePieceHaveNoTimesOfTheirTokens) {
  const TokenServer server(streaming(16, 1));
  const Outcome strict = bench(server, "--strict --format json");
  EXPECT_EQ(strict.code, 3);
  const io::Json json = io::parse_json(strict.out, "bench");
  for (const char* figure : {"ttft_s", "tpot_s", "itl_s"})
    EXPECT_TRUE(json.at(figure).at("mean").is_null()) << figure;
  EXPECT_FALSE(json.at("e2el_s").at("mean").is_null());
  EXPECT_EQ(json.integer("one_piece_answers"), 4);
  EXPECT_THAT(
      strict.err,
      HasSubstr(
          "4 of 4 responses arrived in one piece, or in several at the same time: TTFT and TPOT are unavailable"));
  EXPECT_EQ(bench(server).code, 0) << "said, and not strict";
}

TEST_F(BenchVerb, FewerPiecesThanTokensAreSaid) {
  const TokenServer server([](const std::string&, const TokenServer::Client& client) {
    client.begin_stream();
    for (int i = 0; i < 2; ++i) client.send_token();
    client.end_stream(16, 8);
  });
  const Outcome outcome = run("bench " + server.url() + " --model m --requests 2 --isl 16 --osl 8 --strict");
  EXPECT_EQ(outcome.code, 0) << "TPOT is by the tokens of the server";
  EXPECT_THAT(outcome.err, HasSubstr("2 of 2 responses have fewer pieces than tokens"));
}

TEST_F(BenchVerb, PromptsOfAnotherLengthAreSaid) {
  const TokenServer longer(streaming(28)), one_more(streaming(17));
  const Outcome strict = bench(longer, "--strict");
  EXPECT_EQ(strict.code, 3);
  EXPECT_THAT(strict.err,
              HasSubstr("4 of 4 responses are to prompts of another length than the 16 tokens requested: the "
                        "server counts 28 tokens per prompt"));
  EXPECT_EQ(bench(one_more, "--strict").code, 0) << "a token that begins every text";
  const Outcome text = bench(longer, "--strict --text");
  EXPECT_EQ(text.code, 0) << "words are not tokens";
  EXPECT_THAT(text.err, HasSubstr("the server counts 28 tokens per prompt, not the 16 requested"));
}

TEST_F(BenchVerb, ServersThatRefuseIgnoreEosCanBeLoaded) {
  const TokenServer server([](const std::string& request, const TokenServer::Client& client) {
    if (request.find("ignore_eos") == std::string::npos) return streaming(16)(request, client);
    const std::string body =
        R"({"error": {"message": "Extra inputs are not permitted: ignore_eos, min_tokens"}})";
    client.send("HTTP/1.1 422 Unprocessable\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                body);
  });
  const Outcome refused = bench(server);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("; try --no-ignore-eos, which leaves out ignore_eos and min_tokens"));
  EXPECT_EQ(bench(server, "--no-ignore-eos --strict").code, 0);
}

TEST_F(BenchVerb, AnswersThatAreNotStreamedAndRedirectsAreCalledThat) {
  const auto answering = [](const std::string& head, const std::string& body) {
    return [=](const std::string&, const TokenServer::Client& client) {
      client.send("HTTP/1.1 " + head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                  body);
    };
  };
  const TokenServer plain(
      answering("200 OK\r\nContent-Type: application/json", R"({"choices": [{"text": "a"}]})"));
  EXPECT_THAT(bench(plain).err,
              HasSubstr("the server did not stream: it sent the response as one JSON document"));
  const TokenServer moved(answering("307 Temporary Redirect\r\nLocation: /real/v1/completions", ""));
  EXPECT_THAT(
      bench(moved).err,
      HasSubstr(
          "responded with status 307; redirects are not followed: use the URL of \"/real/v1/completions\""));
  const TokenServer words(
      answering("400 Bad Request", R"({"error": {"message": "prompt: expected string"}})"));
  EXPECT_THAT(bench(words).err, HasSubstr("; try --text, which sends prompts as text"));
}

}  // namespace
}  // namespace energylens::cli
