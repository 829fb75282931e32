// SPDX-License-Identifier: Apache-2.0
// A thread per request in flight: each takes the next index, sends, and reads the answer as it arrives. The
// time of a piece is that of its arrival, however late the thread reads it. Held by driver_test.cpp on a
// server that records when it sent.
#include "load/driver.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "energylens/core/error.hpp"
#include "http/client.hpp"
#include "numerics/summary.hpp"

namespace energylens::load {
namespace {

constexpr double kLongestSilence_s = 600;

Completion ask(const LoadOptions& options, int index, const std::function<bool()>& stopped) {
  const Prompt prompt = options.prompt(index);
  http::PostOptions post;
  post.timeout_s = std::min(options.timeout_s, kLongestSilence_s);
  post.total_s = options.timeout_s;
  post.stopped = stopped;
  if (!options.api_key.empty()) post.headers.emplace_back("Authorization", "Bearer " + options.api_key);
  const std::string body = io::print_json(request_json(prompt, options.model), 0);
  Completion completion;
  AnswerReader reader(completion);
  completion.asked_tokens = prompt.max_tokens;
  post.clock = options.clock;
  completion.begin_s = options.clock->steady_now_s();
  const http::Response response = http::post_stream(
      options.url + request_path(prompt), body, post,
      [&](std::string_view piece, double arrived_s) { return reader.feed(piece, arrived_s) && !stopped(); });
  if (!response.ok())
    completion.problem = response.problem + (response.body.empty() ? "" : ": " + response.body);
  if (stopped() && (completion.problem.empty() || response.status == 0)) completion.problem = "stopped";
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
  if (options.requests < 1) throw Error::usage("a load requires at least one request");
  if (!options.prompt) throw Error::usage("a load requires prompts");
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
    result.one_piece_answers += one.in_one_piece();
    result.long_piece_answers += !one.in_one_piece() && one.has_long_pieces();
    if (known(one.ttft_s())) ttft.push_back(one.ttft_s());
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

namespace {

/// The threads of a load and what they share.
class Workers {
 public:
  Workers(const LoadOptions& options, std::vector<Completion>& completions)
      : options_(options), completions_(completions) {}
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { join(); }

  /// Throws Error (io) where the system does not give as many threads: fewer would be another load.
  void start(int count) {
    try {
      threads_.reserve(static_cast<std::size_t>(count));
      while (std::ssize(threads_) < count) threads_.emplace_back([this] { work(); });
    } catch (const std::exception&) {  // std::system_error, std::bad_alloc
      const std::size_t started = threads_.size();
      given_up_ = true;
      join();
      throw Error(
          ErrorCode::io, {},
          "only " + std::to_string(started) + " of " + std::to_string(count) +
              " threads could be started, one for each request in flight: lower the concurrency, or raise the limits on processes and memory (ulimit -u, -v)");
    }
  }

  void join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  /// Throws the first exception of a prompt, if there was one.
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  bool stopped() const { return given_up_ || (options_.cancel && options_.cancel->cancelled()); }

  void work() {
    try {
      for (int index; !stopped() && (index = next_.fetch_add(1)) < options_.requests;) {
        Completion& one = completions_[static_cast<std::size_t>(index)];
        one = ask(options_, index, [this] { return stopped(); });
        note(one);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!thrown_) thrown_ = std::current_exception();
      next_ = options_.requests;
    }
  }

  /// Every request to a server that never ends its answers would take the whole time limit.
  void note(const Completion& one) {
    constexpr int kMostOverdue = 4;
    if (one.whole()) any_whole_ = true;
    const bool overdue = one.end_s - one.begin_s >= options_.timeout_s;
    if (!any_whole_ && overdue && ++overdue_ >= kMostOverdue) next_ = options_.requests;
  }

  const LoadOptions& options_;
  std::vector<Completion>& completions_;
  std::atomic<int> next_{0}, overdue_{0};
  std::atomic<bool> given_up_{false}, any_whole_{false};
  std::mutex mutex_;
  std::exception_ptr thrown_;
  std::vector<std::thread> threads_;
};

}  // namespace

LoadResult run_load(const LoadOptions& options) {
  check(options);
  LoadResult result;
  result.completions.resize(static_cast<std::size_t>(options.requests));
  Workers workers(options, result.completions);
  workers.start(std::min(options.concurrency, options.requests));
  workers.join();
  workers.rethrow();
  std::erase_if(result.completions, [](const Completion& one) { return !known(one.begin_s); });
  summarise(result);
  return result;
}

}  // namespace energylens::load
