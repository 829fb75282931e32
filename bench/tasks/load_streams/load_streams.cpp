// SPDX-License-Identifier: Apache-2.0
// What it costs to hold 256 streams that bring 10,240 tokens per second in all. The server is a process of
// its own, so that the processor time of this one is the client's alone: connections, parsing and threads.
// Arguments: streams, tokens per second and stream, seconds.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "energylens/load/driver.hpp"
#include "load/token_server.hpp"

namespace {

using namespace energylens;

double cpu_s() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Starts the server in a child and returns its address.
std::string start_server(int tokens, double gap_s, pid_t& child) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  child = ::fork();
  if (child == 0) {
    const load::TokenServer server([=](const std::string&, const load::TokenServer::Client& client) {
      client.begin_stream();
      const double begin_s = load::now_s();
      for (int i = 0; i < tokens && client.send_token(); ++i)
        load::sleep_s(begin_s + (i + 1) * gap_s - load::now_s());
      client.end_stream(100, tokens);
    });
    const std::string url = server.url();
    if (::write(ends[1], url.data(), url.size()) < 0) std::abort();
    for (;;) ::pause();
  }
  char url[64] = {};
  if (::read(ends[0], url, sizeof url - 1) <= 0) std::abort();
  return url;
}

}  // namespace

int main(int argc, char** argv) {
  const int streams = argc > 1 ? std::atoi(argv[1]) : 256;
  const double rate = argc > 2 ? std::atof(argv[2]) : 40;
  const double seconds = argc > 3 ? std::atof(argv[3]) : 10;
  const int tokens = static_cast<int>(rate * seconds);
  pid_t child = 0;
  load::LoadOptions options;
  options.url = start_server(tokens, 1 / rate, child);
  options.model = "toy";
  options.concurrency = options.requests = streams;
  options.prompt = [=](int) { return load::Prompt{"say", {}, false, tokens, true}; };
  const double before_s = cpu_s();
  const load::LoadResult result = load::run_load(options);
  const double spent_s = cpu_s() - before_s, passed_s = result.end_s - result.begin_s;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  std::printf(
      "{\"streams\": %d, \"whole\": %d, \"tokens_per_s\": %.0f, \"cores\": %.3f, \"ttft_p50_s\": %.4f, "
      "\"itl_p50_s\": %.4f}\n",
      streams, result.whole, result.output_tokens / passed_s, spent_s / passed_s, result.ttft.p50_s,
      result.itl.p50_s);
  return result.whole == streams ? 0 : 1;
}
