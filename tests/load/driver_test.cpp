// SPDX-License-Identifier: Apache-2.0
#include "load/driver.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>

#include "load/token_server.hpp"
#include "table/expect_error.hpp"

namespace energylens::load {
namespace {

using testing::HasSubstr;
using Client = TokenServer::Client;

void serve_tokens(const Client& client, int tokens, double first_s, double gap_s) {
  client.begin_stream();
  for (int i = 0; i < tokens; ++i) {
    sleep_s(i == 0 ? first_s : gap_s);
    client.send_token();
  }
  client.end_stream(11, tokens);
}

LoadOptions options_for(const TokenServer& server, int concurrency, int requests) {
  LoadOptions options;
  options.url = server.url();
  options.model = "toy";
  options.concurrency = concurrency;
  options.requests = requests;
  options.timeout_s = 5;
  options.prompt = [](int) { return Prompt{"say", {}, false, 4, true}; };
  return options;
}

TEST(Driver, CountsTokensAsTheServerDoesAndTimesThem) {
  const TokenServer server(
      [](const std::string&, const Client& client) { serve_tokens(client, 4, 0.05, 0.02); });
  const LoadResult result = run_load(options_for(server, 2, 6));
  EXPECT_EQ(result.whole, 6);
  EXPECT_EQ(result.failed, 0);
  EXPECT_EQ(result.prompt_tokens, 66);
  EXPECT_EQ(result.output_tokens, 24);
  EXPECT_GE(result.ttft.p50_s, 0.05);
  EXPECT_GE(result.tpot.p50_s, 0.019);
  EXPECT_GE(result.e2el.p50_s, 0.11);
  EXPECT_LE(result.ttft.p50_s, result.ttft.p99_s);
  EXPECT_GT(result.in_flight, 1);
  EXPECT_LE(result.in_flight, 2.001);
}

TEST(Driver, HoldsTheConcurrency) {
  std::mutex mutex;
  std::condition_variable changed;
  int now = 0, most = 0, served = 0;
  // The first four requests are answered once all four are there.
  const TokenServer server([&](const std::string&, const Client& client) {
    {
      std::unique_lock lock(mutex);
      most = std::max(most, ++now);
      ++served;
      changed.notify_all();
      changed.wait(lock, [&] { return served >= 4; });
    }
    client.begin_stream();
    client.send_token();
    {
      const std::lock_guard lock(mutex);
      --now;
    }
    client.end_stream(1, 1);
  });
  LoadOptions options = options_for(server, 4, 20);
  options.timeout_s = 60;
  const LoadResult result = run_load(options);
  EXPECT_EQ(result.whole, 20);
  const std::lock_guard lock(mutex);
  EXPECT_EQ(most, 4);
}

/// Server and reader share one clock and one process, and a loopback send delivers before it returns: the stamp lies
/// between the moments before and after the send, even if the machine is too busy to wake the reader.
TEST(Driver, TimesTheFirstTokenAsTheServerSentIt) {
  std::mutex mutex;
  double before_s = 0, after_s = 0;
  const TokenServer server([&](const std::string&, const Client& client) {
    client.begin_stream();
    sleep_s(0.02);
    const double begin_s = now_s();
    client.send_token();
    {
      const std::lock_guard lock(mutex);
      before_s = begin_s;
      after_s = now_s();
    }
    sleep_s(0.02);
    client.end_stream(1, 1);
  });
  std::vector<double> late;
  for (int i = 0; i < 15; ++i) {
    const LoadResult result = run_load(options_for(server, 1, 1));
    ASSERT_EQ(result.whole, 1);
    const std::lock_guard lock(mutex);
    EXPECT_GE(result.completions[0].first_s, before_s - 1e-4) << "not before it was sent";
    late.push_back(result.completions[0].first_s - after_s);
  }
  std::ranges::sort(late);
  EXPECT_LT(late[late.size() / 2], 1e-4) << "at least half of them no later than the send returned";
}

TEST(Driver, SendsTheKeyAsABearerTokenAndThePromptOfEachIndex) {
  std::mutex mutex;
  std::vector<std::string> requests;
  const TokenServer server([&](const std::string& request, const Client& client) {
    {
      const std::lock_guard lock(mutex);
      requests.push_back(request);
    }
    serve_tokens(client, 1, 0, 0);
  });
  LoadOptions options = options_for(server, 1, 2);
  options.api_key = "secret";
  options.prompt = [](int index) {
    return Prompt{"number " + std::to_string(index), {}, index == 1, 1, true};
  };
  const LoadResult result = run_load(options);
  ASSERT_EQ(result.whole, 2) << result.completions[0].problem;
  EXPECT_THAT(requests[0], HasSubstr("POST /v1/completions "));
  EXPECT_THAT(requests[0], HasSubstr("Authorization: Bearer secret\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("number 0"));
  EXPECT_THAT(requests[1], HasSubstr("POST /v1/chat/completions "));
}

TEST(Driver, AnswersThatFailAreCountedWithTheirReasonAndStopNothing) {
  std::atomic<int> served{0};
  const TokenServer server([&](const std::string&, const Client& client) {
    switch (served++) {
      case 0:
        client.send("HTTP/1.1 429 Busy\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo\nmany!");
        break;
      case 1:  // cut off in the middle
        client.begin_stream();
        client.send_token();
        break;
      case 2:  // no answer at all
        break;
      case 3:
        client.begin_stream();
        client.send("data: {\"error\": \"out of memory\"}\n\n");
        break;
      default:
        serve_tokens(client, 2, 0, 0);
    }
  });
  const LoadResult result = run_load(options_for(server, 1, 6));
  EXPECT_EQ(result.whole, 2);
  EXPECT_EQ(result.failed, 4);
  EXPECT_THAT(result.completions[0].problem, HasSubstr("responded with status 429: too many!"));
  EXPECT_EQ(result.completions[1].problem, "the stream ended without [DONE]");
  EXPECT_NE(result.completions[2].problem, "");
  EXPECT_THAT(result.completions[3].problem, HasSubstr("out of memory"));
  EXPECT_EQ(result.output_tokens, 4) << "of whole answers";
}

TEST(Driver, ACancelCutsOffWhatIsInFlight) {
  CancelToken cancel;
  const TokenServer server([&](const std::string&, const Client& client) {
    client.begin_stream();
    for (int i = 0; i < 2000 && client.send_token(); ++i) {
      if (i == 3) cancel.cancel();
      sleep_s(0.005);
    }
  });
  LoadOptions options = options_for(server, 2, 1000);
  options.cancel = &cancel;
  const LoadResult result = run_load(options);
  EXPECT_EQ(result.whole, 0);
  EXPECT_LE(result.completions.size(), 2u);
  EXPECT_EQ(result.completions[0].problem, "stopped");
}

TEST(Driver, ACancelDoesNotWaitForASilentServer) {
  CancelToken cancel;
  Event returned;
  std::atomic<bool> server_waited{false};
  std::optional<TokenServer> server;
  server.emplace([&](const std::string&, const Client&) {
    sleep_s(0.1);
    cancel.cancel();
    server_waited = returned.await();
  });
  LoadOptions options = options_for(*server, 1, 5);
  options.timeout_s = 600;
  options.cancel = &cancel;
  const LoadResult result = run_load(options);
  returned.happen();
  server.reset();
  EXPECT_TRUE(server_waited) << "the load returned while the server was silent";
  ASSERT_EQ(result.completions.size(), 1u);
  EXPECT_EQ(result.completions[0].problem, "stopped");
}

TEST(Driver, AServerThatNeverEndsIsLeftAfterAFewRequests) {
  const TokenServer server([](const std::string&, const Client& client) {
    client.begin_stream();
    while (client.send_token()) sleep_s(0.005);
  });
  LoadOptions options = options_for(server, 2, 1000);
  options.timeout_s = 0.1;
  const LoadResult result = run_load(options);
  EXPECT_EQ(result.whole, 0);
  EXPECT_GE(result.failed, 4);
  EXPECT_LE(result.failed, 6);
  EXPECT_THAT(result.completions.front().problem, HasSubstr("took longer than 0.100 s"));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/// Address space for a few more threads, not for hundreds.
class MemoryLimit {
 public:
  MemoryLimit() {
    getrlimit(RLIMIT_AS, &before_);
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit limit = before_;
    limit.rlim_cur = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + (std::size_t{256} << 20);
    setrlimit(RLIMIT_AS, &limit);
  }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;
  ~MemoryLimit() { setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_{};
};

TEST(Driver, ThreadsThatTheSystemDoesNotGiveAreAnErrorAndNoEnd) {
  const TokenServer server([](const std::string&, const Client& client) { serve_tokens(client, 4, 0, 0); });
  const std::string error = [&] {
    const MemoryLimit limit;
    return table::error_of([&] { run_load(options_for(server, 4096, 4096)); });
  }();
  EXPECT_THAT(error, HasSubstr(" of 4096 threads could be started"));
  EXPECT_EQ(run_load(options_for(server, 2, 4)).whole, 4) << "and life goes on";
}
#endif

TEST(Driver, AnswersThatAreNotAsAskedForAreCounted) {
  const TokenServer server([](const std::string&, const Client& client) {
    client.begin_stream();
    client.send_token();
    client.send(
        "data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 9, \"completion_tokens\": 8, "
        "\"prompt_tokens_details\": {\"cached_tokens\": 5}}}\n\ndata: [DONE]\n\n");
  });
  const LoadResult result = run_load(options_for(server, 1, 2));
  EXPECT_EQ(result.long_answers, 2) << "four were asked for";
  EXPECT_EQ(result.cached_answers, 2);
  EXPECT_EQ(result.uncounted_answers, 0);
  EXPECT_EQ(result.one_piece_answers, 2) << "eight tokens in one piece";
  EXPECT_FALSE(known(result.ttft.mean_s) || known(result.tpot.mean_s));
  EXPECT_TRUE(known(result.e2el.mean_s));
  const TokenServer mute([](const std::string&, const Client& client) {
    client.begin_stream();
    client.send_token();
    client.send("data: [DONE]\n\n");
  });
  EXPECT_EQ(run_load(options_for(mute, 1, 2)).uncounted_answers, 2);
}

TEST(Driver, AServerThatIsNotThereFailsEveryRequest) {
  LoadOptions options;
  options.url = "http://127.0.0.1:1";
  options.requests = 3;
  options.prompt = [](int) { return Prompt{}; };
  const LoadResult result = run_load(options);
  EXPECT_EQ(result.failed, 3);
  EXPECT_THAT(result.completions[2].problem, HasSubstr("no server responds at http://127.0.0.1:1"));
}

TEST(Driver, OptionsThatMakeNoSenseAreWrongUsage) {
  LoadOptions options;
  options.url = "http://127.0.0.1:1";
  EXPECT_EQ(table::error_of([&] { run_load(options); }), "a load requires prompts");
  options.prompt = [](int) -> Prompt { throw Error::bad_input({}, "no prompt left"); };
  EXPECT_EQ(table::error_of([&] { run_load(options); }), "no prompt left");
  options.concurrency = 0;
  EXPECT_EQ(table::error_of([&] { run_load(options); }), "concurrency must be from 1 to 4096");
}

}  // namespace
}  // namespace energylens::load
