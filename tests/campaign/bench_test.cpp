// SPDX-License-Identifier: Apache-2.0
// `bench` against the simulated server.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::campaign {
namespace {

using cli::Outcome;
using testing::HasSubstr;

class Bench : public cli::ProgramTest {
 protected:
  /// Runs a command while the server is up at $URL.
  Outcome with_server(const std::string& command, const std::string& server = "") const {
    return shell("rm -f log; '" ENERGYLENS_SIMULATED_SERVER "' --port 0 --tp 8 --speed 20 --state state " +
                 server +
                 " 2>log & p=$!; while ! grep -q ready log; do sleep 0.02; done; URL=$(sed 's/.* //' log); " +
                 command + "; c=$?; kill $p; wait $p; exit $c");
  }
};

TEST_F(Bench, TellsLatenciesAndThroughput) {
  const Outcome outcome =
      with_server("\"$ENERGYLENS\" bench $URL/ --concurrency 4 --requests 8 --isl 64 --osl 16 --format json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const io::Json json = io::parse_json(outcome.out, "bench");
  EXPECT_EQ(json.integer("whole"), 8);
  EXPECT_EQ(json.number("prompt_tokens"), 8 * 64);
  EXPECT_EQ(json.number("output_tokens"), 8 * 16);
  EXPECT_GT(json.at("ttft_s").number("p99"), 0);
  EXPECT_LE(json.at("ttft_s").number("p50"), json.at("e2el_s").number("p50"));
  EXPECT_TRUE(json.at("first_problem").is_null());
}

TEST_F(Bench, FailedRequestsAreCountedWithTheirReason) {
  const Outcome outcome =
      with_server("\"$ENERGYLENS\" bench $URL --requests 4 --isl 8 --osl 4 --text", "--drop-each 2");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("2 failed"));
  EXPECT_THAT(outcome.err, HasSubstr("2 requests failed; first error: the stream ended without [DONE]"));
}

TEST_F(Bench, AnswersShorterThanAskedForAreSaid) {
  const Outcome outcome = with_server(
      "\"$ENERGYLENS\" bench $URL --requests 4 --isl 8 --osl 16 --format json", "--most-tokens 3");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(io::parse_json(outcome.out, "bench").integer("short_answers"), 4);
  EXPECT_THAT(outcome.err, HasSubstr("4 of 4 responses have fewer tokens than the 16 requested"));
}

TEST_F(Bench, StrictEndsInThreeWhereAnswersLackOrAreShort) {
  const std::string command = "\"$ENERGYLENS\" bench $URL --strict --requests 4 --isl 8 --osl 16";
  EXPECT_EQ(with_server(command).code, 0);
  EXPECT_EQ(with_server(command + " --text", "--drop-each 2").code, 3);
  EXPECT_EQ(with_server(command, "--most-tokens 3").code, 3);
}

TEST_F(Bench, TheKeyIsMaskedAndTheStatusStays) {
  const Outcome outcome = with_server(
      "OPENAI_API_KEY=sk-secret \"$ENERGYLENS\" bench $URL --api-key-env OPENAI_API_KEY --requests 1 --isl 8 "
      "--osl 4 --format json",
      "--refuse 1");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("responded with status 401: no access by Bearer [key]"));
  EXPECT_EQ((outcome.out + outcome.err).find("sk-secret"), std::string::npos);
}

TEST_F(Bench, AKeyThatNobodyAskedForIsNotSent) {
  const Outcome outcome = with_server(
      "OPENAI_API_KEY=sk-very-secret \"$ENERGYLENS\" bench $URL --requests 1 --isl 8 --osl 4", "--refuse 1");
  EXPECT_THAT(outcome.err, HasSubstr("responded with status 401"));
  EXPECT_THAT(outcome.err, testing::Not(HasSubstr("Bearer")));
  EXPECT_THAT(outcome.err, HasSubstr("OPENAI_API_KEY is set, but not sent to the server"));
}

TEST_F(Bench, NoServerIsAFailure) {
  const Outcome outcome = run("bench http://127.0.0.1:1 --requests 2 --format json");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(io::parse_json(outcome.out, "bench").at("ttft_s").at("mean").is_null());
  EXPECT_EQ(run("bench localhost").code, 2);
}

}  // namespace
}  // namespace energylens::campaign
