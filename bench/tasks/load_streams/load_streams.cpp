// SPDX-License-Identifier: Apache-2.0
// What it costs to hold 256 streams that bring 10,240 tokens per second in all, and how late the driver takes
// the moment of a first token, by the server's own clock. The server is a process of its own, so that the
// processor time of this one is the client's alone: connections, parsing and threads; both read one clock,
// and the moments at which it sent its first tokens stand in memory that both see. Arguments: streams, tokens
// per second and stream, seconds, seconds over which the first tokens are spread (0: all at once).
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "load/driver.hpp"
#include "load/token_server.hpp"
#include "numerics/summary.hpp"

namespace {

using namespace energylens;

constexpr int kMostStreams = 4096;
constexpr double kFirst_s = 0.5;  ///< the earliest first token: by then all requests have come

struct Task {
  int streams = 256;
  double rate = 40, seconds = 10, spread_s = 1;
  int tokens() const { return static_cast<int>(rate * seconds); }
  /// When the first token of a stream is due, after its request came.
  double first_s(int stream) const { return kFirst_s + spread_s * stream / streams; }
};

double cpu_s() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Room for a moment per stream that a child shares.
double* shared_moments() {
  void* const memory = ::mmap(nullptr, kMostStreams * sizeof(double), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  return static_cast<double*>(memory);
}

/// One stream, whose number stands in the prompt: "stream 17".
void serve(const Task& task, double* sent_s, const std::string& request,
           const load::TokenServer::Client& client) {
  const int stream = std::atoi(request.c_str() + request.find("stream ") + 7);
  client.begin_stream();
  const double begin_s = load::now_s() + task.first_s(stream);
  for (int i = 0; i < task.tokens(); ++i) {
    load::sleep_s(begin_s + i / task.rate - load::now_s());
    if (i == 0) sent_s[stream] = load::now_s();
    if (!client.send_token()) return;
  }
  client.end_stream(100, task.tokens());
}

/// Starts the server in a child and returns its address.
std::string start_server(const Task& task, double* sent_s, pid_t& child) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  child = ::fork();
  if (child == 0) {
    const load::TokenServer server([=](const std::string& request, const load::TokenServer::Client& client) {
      serve(task, sent_s, request, client);
    });
    const std::string url = server.url();
    if (::write(ends[1], url.data(), url.size()) < 0) std::abort();
    for (;;) ::pause();
  }
  char url[64] = {};
  if (::read(ends[0], url, sizeof url - 1) <= 0) std::abort();
  return url;
}

/// How late the driver took the moments of the first tokens, sorted.
std::vector<double> lateness_s(const load::LoadResult& result, const double* sent_s) {
  std::vector<double> late;
  for (std::size_t i = 0; i < result.completions.size(); ++i)
    late.push_back(result.completions[i].first_s - sent_s[i]);
  std::ranges::sort(late);
  return late;
}

Task task_of(int argc, char** argv) {
  Task task;
  if (argc > 1) task.streams = std::min(std::atoi(argv[1]), kMostStreams);
  if (argc > 2) task.rate = std::atof(argv[2]);
  if (argc > 3) task.seconds = std::atof(argv[3]);
  if (argc > 4) task.spread_s = std::atof(argv[4]);
  return task;
}

}  // namespace

int main(int argc, char** argv) {
  const Task task = task_of(argc, argv);
  double* const sent_s = shared_moments();
  pid_t child = 0;
  load::LoadOptions options;
  options.url = start_server(task, sent_s, child);
  options.model = "toy";
  options.concurrency = options.requests = task.streams;
  options.prompt = [=](int stream) {
    return load::Prompt{"stream " + std::to_string(stream), {}, false, task.tokens(), true};
  };
  const double before_s = cpu_s();
  const load::LoadResult result = load::run_load(options);
  const double spent_s = cpu_s() - before_s, passed_s = result.end_s - result.begin_s;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const std::vector<double> late = lateness_s(result, sent_s);
  std::printf(
      "{\"streams\": %d, \"whole\": %d, \"tokens_per_s\": %.0f, \"cores\": %.3f, \"ttft_p50_s\": %.4f, "
      "\"itl_p50_s\": %.4f, \"first_token_late_ms\": {\"p50\": %.3f, \"p90\": %.3f, \"p99\": %.3f, \"max\": "
      "%.3f}}\n",
      task.streams, result.whole, result.output_tokens / passed_s, spent_s / passed_s, result.ttft.p50_s,
      result.itl.p50_s, 1e3 * numerics::quantile(late, 0.5), 1e3 * numerics::quantile(late, 0.9),
      1e3 * numerics::quantile(late, 0.99), 1e3 * late.back());
  return result.whole == task.streams ? 0 : 1;
}
