// SPDX-License-Identifier: Apache-2.0
#include "energylens/serving/trace.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "energylens/core/error.hpp"
#include "serving/trace_records.hpp"
#include "temporary_folder.hpp"

namespace energylens::serving {
namespace {

class Trace : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = (folder_.path() / name).string();
    std::ofstream(path) << text;
    return path;
  }
  std::vector<Request> read(const std::string& text, const TraceOptions& options = {}) const {
    const auto traffic = open_trace(write("trace", text), options);
    std::vector<Request> out;
    for (Request one; traffic->next(one);) out.push_back(one);
    return out;
  }
  std::string refusal(const std::string& text, const TraceOptions& options = {}) const {
    try {
      read(text, options);
    } catch (const Error& error) {
      const std::string what = error.what();
      return what.substr(what.find("trace:") == std::string::npos ? 0 : what.find("trace:"));
    }
    return "accepted";
  }

 private:
  TemporaryFolder folder_;
};

void expect_requests(const std::vector<Request>& all, const std::vector<Request>& wanted) {
  ASSERT_EQ(all.size(), wanted.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_NEAR(all[i].arrival_s, wanted[i].arrival_s, 1e-6) << i;
    EXPECT_EQ(all[i].prompt, wanted[i].prompt) << i;
    EXPECT_EQ(all[i].output, wanted[i].output) << i;
    EXPECT_EQ(all[i].cached, wanted[i].cached) << i;
  }
}

TEST_F(Trace, ReadsItsOwnColumnsInAnyOrder) {
  expect_requests(read("osl,arrival_s,cached_tokens,isl,user\n4,100.5,20,30,a\n5,101,,7,b\n"),
                  {{0, 30, 4, 20}, {0.5, 7, 5, 0}});
}

TEST_F(Trace, ReadsAzure) {
  expect_requests(read("TIMESTAMP,ContextTokens,GeneratedTokens\r\n"
                       "2023-11-16 23:59:59.5000000,374,44\r\n2023-11-17 00:00:01.2500000,396,109\r\n"),
                  {{0, 374, 44}, {1.75, 396, 109}});
  expect_requests(read("TIMESTAMP,ContextTokens,GeneratedTokens\n"
                       "2024-05-10 00:00:00.009930+00:00,10,1\n2024-05-10 02:00:00.509930+01:00,11,2\n"),
                  {{0, 10, 1}, {3600.5, 11, 2}});
}

TEST_F(Trace, ReadsBurstGptAndLeavesFailedRequestsOut) {
  expect_requests(read("Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
                       "5,ChatGPT,472,18,490,Conversation log\n45,GPT-4,100,0,100,API log\n"
                       "118,GPT-4,1087,230,1317,Conversation log\n"),
                  {{0, 472, 18}, {113, 1087, 230}});
}

TEST_F(Trace, ReadsMooncakeWithHitsOfItsHashes) {
  const std::string text =
      R"({"timestamp": 0, "input_length": 1100, "output_length": 5, "hash_ids": [1, 2, 3]})"
      "\n"
      R"({"timestamp": 3052, "input_length": 1400, "output_length": 6, "hash_ids": [1, 2, 9]})"
      "\n"
      R"({"timestamp": 3052, "input_length": 1024, "output_length": 7, "hash_ids": [1, 2]})"
      "\n";
  expect_requests(read(text), {{0, 1100, 5, 0}, {3.052, 1400, 6, 1024}, {3.052, 1024, 7, 1023}});
  TraceOptions options;
  options.prefix_cache_tokens = 0;
  expect_requests(read(text, options), {{0, 1100, 5}, {3.052, 1400, 6}, {3.052, 1024, 7}});
  options.prefix_cache_tokens = 2 * 512;  // keeps the front of the prompt used last
  expect_requests(read(text, options), {{0, 1100, 5}, {3.052, 1400, 6, 1024}, {3.052, 1024, 7, 1023}});
}

TEST_F(Trace, ReadsBenchmarkResults) {
  expect_requests(
      read(R"({"date": "x", "start_times": [10.5, 11], "input_lens": [100, 200], "output_lens": [3, 4],
                           "ttfts": [0.1, 0.2]})"),
      {{0, 100, 3}, {0.5, 200, 4}});
  EXPECT_EQ(refusal(R"({"duration": 3, "completed": 10})").find("no array states"), std::string::npos);
}

TEST_F(Trace, ReadsSpans) {
  expect_requests(read("name,startTimeUnixNano,gen_ai.usage.input_tokens,gen_ai.usage.output_tokens\n"
                       "chat,1500000000,12,3\nchat,2000000000,13,4\n"),
                  {{0, 12, 3}, {0.5, 13, 4}});
}

TEST_F(Trace, NamesTheLineThatIsWrong) {
  const std::string header = "arrival_s,isl,osl\n";
  EXPECT_EQ(refusal(header + "0,1,1\n2,1,1\n\n1.5,1,1\n"),
            "trace:5: arrives 500 ms before the request above it; sort the trace by time");
  EXPECT_EQ(refusal(header + "0,-3,1\n"), "trace:2:isl: \"-3\" is not a number of tokens");
  EXPECT_EQ(refusal(header + "0,3.5,1\n"), "trace:2:isl: \"3.5\" is not a number of tokens");
  EXPECT_EQ(refusal(header + "noon,3,1\n"), "trace:2:arrival_s: \"noon\" is not a time");
  EXPECT_EQ(refusal(header + "0,3\n"), "trace:2:osl: is missing");
  EXPECT_EQ(refusal(header + "0,0,3\n"), "trace:2: has no input tokens");
  TraceOptions options;
  options.most_tokens = 4096;
  EXPECT_EQ(refusal(header + "0,4000,97\n", options),
            "trace:2: has 4,097 tokens; the context of the model is 4,096");
  EXPECT_EQ(refusal("arrival_s,isl\n0,1\n"),
            "trace:1: no column states the number of output tokens, such as osl or GeneratedTokens");
  EXPECT_EQ(refusal("arrival_s,isl,osl,prompt_tokens\n"),
            "trace:1:prompt_tokens: states the same as the column \"isl\"");
  EXPECT_EQ(refusal(""), "trace: the trace is empty");
  EXPECT_EQ(refusal("{\"timestamp\": 1, \"input_length\": 5}\n"),
            "trace:1:1: no member states the number of output tokens, such as output_length");
}

TEST_F(Trace, IsScaledAndRepeated) {
  TraceOptions options;
  options.speed = 2;
  options.times = 2;
  expect_requests(read("arrival_s,isl,osl\n10,1,1\n12,2,1\n14,3,1\n", options),
                  {{0, 1, 1}, {1, 2, 1}, {2, 3, 1}, {3, 1, 1}, {4, 2, 1}, {5, 3, 1}});
  options.speed = 0;
  EXPECT_THROW(open_trace(write("x", "arrival_s,isl,osl\n1,1,1\n"), options), Error);
}

TEST_F(Trace, IsSummarised) {
  const std::string path = write("t.csv", "arrival_s,isl,osl\n0,10,1\n1,20,0\n1,30,3\n4,20,2\n");
  const TraceSummary summary = summarise_trace(path);
  EXPECT_EQ(summary.requests, 3U);
  EXPECT_EQ(summary.without_output, 1U);
  EXPECT_DOUBLE_EQ(summary.prompt_mean, 20);
  EXPECT_DOUBLE_EQ(summary.output_mean, 2);
  EXPECT_DOUBLE_EQ(summary.rate_rps(), 0.5);
  EXPECT_DOUBLE_EQ(summary.longest, 33);
  EXPECT_DOUBLE_EQ(summary.gap_cv, 0.5);
  EXPECT_EQ(sample_lengths(path, {}, 2).size(), 2U);
  EXPECT_THROW(summarise_trace(write("one.csv", "arrival_s,isl,osl\n0,10,1\n")), Error);
}

TEST_F(Trace, ReadsThePublicOnes) {
  const char* const data = std::getenv("ENERGYLENS_DATA");
  const std::string path = std::string(data ? data : "") + "/trace_azure2023_conv.csv";
  if (!data || !std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  const TraceSummary summary = summarise_trace(path);
  EXPECT_EQ(summary.requests + summary.without_output, 19366U);
  EXPECT_NEAR(summary.rate_rps(), 5.5, 0.2);
}

TEST(Date, IsReadWithFractionAndZone) {
  EXPECT_EQ(seconds_of_date("1970-01-02 00:00:00"), 86400);
  EXPECT_EQ(seconds_of_date("1970-01-01T01:00:00.25Z"), 3600.25);
  EXPECT_EQ(seconds_of_date("1970-01-01T01:00:00+0100"), 0);
  for (const char* const wrong : {"1970-13-01 00:00:00", "1970-01-01", "1970-01-01 00:00:00 PM", "yesterday"})
    EXPECT_FALSE(known(seconds_of_date(wrong))) << wrong;
}

}  // namespace
}  // namespace energylens::serving
