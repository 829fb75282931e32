// SPDX-License-Identifier: Apache-2.0
// A thread per request in flight: each takes the next index, sends, and reads the answer as it arrives. The
// time of a piece is that of its arrival, however late the thread reads it. Held by driver_test.cpp on a
// server that records when it sent.
#include "load/driver.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "energylens/core/error.hpp"
#include "http/client.hpp"
#include "numerics/summary.hpp"

namespace energylens::load {
namespace {

bool stopped(const LoadOptions& options) {
  return options.cancel && options.cancel->cancelled();
}

Completion ask(const LoadOptions& options, int index) {
  const Prompt prompt = options.prompt(index);
  http::PostOptions post;
  post.timeout_s = options.timeout_s;
  post.stopped = [&] { return stopped(options); };
  if (!options.api_key.empty()) post.headers.emplace_back("Authorization", "Bearer " + options.api_key);
  const std::string body = io::print_json(request_json(prompt, options.model), 0);
  Completion completion;
  AnswerReader reader(completion);
  completion.asked_tokens = prompt.max_tokens;
  post.clock = options.clock;
  completion.begin_s = options.clock->steady_now_s();
  const http::Response response = http::post_stream(
      options.url + request_path(prompt), body, post, [&](std::string_view piece, double arrived_s) {
        return reader.feed(piece, arrived_s) && !stopped(options);
      });
  if (!response.ok())
    completion.problem = response.problem + (response.body.empty() ? "" : ": " + response.body);
  if (stopped(options) && (completion.problem.empty() || response.status == 0))
    completion.problem = "stopped";
  reader.end(options.clock->steady_now_s());
  for (char& c : completion.problem) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return completion;
}

Percentiles percentiles(const std::vector<double>& values) {
  if (values.empty()) return {};
  return {numerics::mean(values), numerics::quantile(values, 0.5), numerics::quantile(values, 0.9),
          numerics::quantile(values, 0.99)};
}

void check(const LoadOptions& options) {
  if (options.concurrency < 1 || options.concurrency > 4096)
    throw Error::usage("concurrency must be from 1 to 4096");
  if (options.requests < 1) throw Error::usage("a load needs at least one request");
  if (!options.prompt) throw Error::usage("a load needs prompts");
  http::parse_url(options.url);
}

void summarise(LoadResult& result) {
  std::vector<double> ttft, tpot, itl, e2el;
  double busy_s = 0;
  result.prompt_tokens = result.output_tokens = 0;
  for (const Completion& one : result.completions) {
    if (!(result.begin_s <= one.begin_s)) result.begin_s = one.begin_s;
    if (!(result.end_s >= one.end_s)) result.end_s = one.end_s;
    busy_s += one.e2e_s();
    ++(one.whole() ? result.whole : result.failed);
    if (!one.whole()) continue;
    result.prompt_tokens += one.prompt_tokens;
    result.output_tokens += one.output_tokens;
    result.short_answers += one.output_tokens < one.asked_tokens;
    result.long_answers += one.output_tokens > one.asked_tokens;
    result.uncounted_answers += !known(one.output_tokens);
    result.cached_answers += one.cached_tokens > 0;
    ttft.push_back(one.ttft_s());
    e2el.push_back(one.e2e_s());
    if (known(one.tpot_s())) tpot.push_back(one.tpot_s());
    itl.insert(itl.end(), one.gaps_s.begin(), one.gaps_s.end());
  }
  result.in_flight = busy_s / (result.end_s - result.begin_s);
  result.ttft = percentiles(ttft);
  result.tpot = percentiles(tpot);
  result.itl = percentiles(itl);
  result.e2el = percentiles(e2el);
}

}  // namespace

LoadResult run_load(const LoadOptions& options) {
  check(options);
  LoadResult result;
  result.completions.resize(static_cast<std::size_t>(options.requests));
  std::atomic<int> next{0};
  std::mutex mutex;
  std::exception_ptr thrown;  // the first exception of a prompt
  const auto work = [&] {
    try {
      for (int index; !stopped(options) && (index = next.fetch_add(1)) < options.requests;) {
        result.completions[static_cast<std::size_t>(index)] = ask(options, index);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!thrown) thrown = std::current_exception();
      next = options.requests;
    }
  };
  std::vector<std::thread> threads;
  const int count = std::min(options.concurrency, options.requests);
  for (int i = 0; i < count; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  if (thrown) std::rethrow_exception(thrown);
  std::erase_if(result.completions, [](const Completion& one) { return !known(one.begin_s); });
  summarise(result);
  return result;
}

}  // namespace energylens::load
