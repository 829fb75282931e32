// SPDX-License-Identifier: Apache-2.0
// Sends jobs to a server. A job is valid only if every request was answered with the requested number of
// tokens, by the server's own count. Held by loop_test.cpp.
#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>

#include "campaign/serving/driver.hpp"
#include "campaign/serving/http_server.hpp"
#include "energylens/core/rng.hpp"
#include "load/driver.hpp"
#include "load/image.hpp"
#include "load/prompts.hpp"

namespace energylens::campaign {
namespace {

constexpr double kPromptTolerance = 0.02, kPromptToleranceTokens = 2;

/// A request that waits for its first token does not notice Ctrl-C, so the server is terminated.
class TerminateOnCancel {
 public:
  TerminateOnCancel(const Context& context, const Process* process) {
    if (!process) return;
    thread_ = std::thread([this, &context, process] { watch(context, *process); });
  }
  TerminateOnCancel(const TerminateOnCancel&) = delete;
  TerminateOnCancel& operator=(const TerminateOnCancel&) = delete;
  ~TerminateOnCancel() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    real_clock().notify(changed_);
    if (thread_.joinable()) thread_.join();
  }

 private:
  /// Looks at the token again and again, since a signal handler that sets it cannot notify anybody.
  void watch(const Context& context, const Process& process) {
    constexpr double kBetweenLooks_s = 0.05;
    std::unique_lock lock(mutex_);
    while (!over_ && !context.cancelled())
      real_clock().wait_until(real_clock().steady_now_s() + kBetweenLooks_s, lock, changed_,
                              [this] { return over_; });
    if (!over_) process.terminate();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

class HttpDriver : public Driver {
 public:
  HttpDriver(const Context& context, const Deployment& deployment)
      : context_(context), server_(context, deployment) {
    for (const std::string& image : context.plan.images) images_.push_back(load::image_url(image));
  }

  JobResult run(const Job& job) override {
    const TerminateOnCancel watch(context_, server_.process());
    const load::LoadResult loaded = load::run_load(load_options(job));
    return result_of(job, loaded);
  }
  bool alive() override { return server_.alive(); }
  std::string end_text() override { return server_.end_text(); }
  bool simulated() const override { return server_.simulated(); }
  io::Json about() const override { return server_.about(); }
  double kv_capacity_tokens() override { return server_.kv_capacity_tokens(); }

 private:
  load::LoadOptions load_options(const Job& job, bool with_images = true) {
    load::LoadOptions options;
    options.url = server_.url();
    options.model = server_.model();
    options.api_key = context_.sent_key();
    options.concurrency = job.batch;
    options.requests = job.requests;
    options.timeout_s = context_.plan.settings.request_timeout_s;
    options.cancel = context_.options.cancel;
    options.clock = &context_.clock();
    const int words = words_for(job.isl);
    options.prompt = [this, job, words, with_images](int index) {
      load::Prompt made = prompt(job, index, words);
      if (with_images) add_images(job, index, made);
      return made;
    };
    return options;
  }

  static std::uint64_t seed_of(const Job& job, int index) {
    return splitmix64(job.seed + static_cast<std::uint64_t>(index));
  }

  void add_images(const Job& job, int index, load::Prompt& prompt) const {
    prompt.images = images_;
    const MadeImages& made = context_.plan.made_images;
    for (int i = 0; i < made.count; ++i)
      prompt.images.push_back(load::random_image_url(seed_of(job, index) + static_cast<std::uint64_t>(i),
                                                     made.width, made.height));
  }

  load::Prompt prompt(const Job& job, int index, int words) const {
    load::Prompt prompt;
    prompt.max_tokens = job.osl;
    prompt.chat = context_.plan.api == "chat" || context_.plan.has_images();
    const std::uint64_t seed = seed_of(job, index);
    if (context_.plan.prompt == "tokens") {
      prompt.tokens = load::random_tokens(seed, job.isl, context_.plan.settings.vocabulary);
    } else {
      prompt.text = load::random_words(seed, words);
    }
    return prompt;
  }

  /// The number of words that make `isl` tokens on this server, by its own count: a few steps of the secant
  /// method.
  int words_for(int isl) {
    if (context_.plan.prompt == "tokens") return 0;
    if (const auto found = words_.find(isl); found != words_.end()) return found->second;
    int words = isl;
    double per_word = 1,
           last_tokens = kUnknown;  // images and the chat's own tokens do not grow with the words
    for (int attempt = 0, last_words = 0; attempt < 5; ++attempt) {
      words_[isl] = words;
      const load::LoadResult loaded = load::run_load(load_options(probe(isl, attempt)));
      if (!known(loaded.prompt_tokens) || loaded.whole == 0 || loaded.prompt_tokens == isl) break;
      if (known(last_tokens) && words != last_words)
        per_word = std::clamp((loaded.prompt_tokens - last_tokens) / (words - last_words), 0.2, 20.0);
      last_tokens = loaded.prompt_tokens, last_words = words;
      words = std::max(1, static_cast<int>(std::lround(words - (loaded.prompt_tokens - isl) / per_word)));
    }
    if (context_.plan.has_images() && !known(image_tokens_)) count_image_tokens(probe(isl, 5));
    return words_[isl];
  }

  /// One request whose tokens are counted.
  Job probe(int isl, int attempt) const {
    Job job;
    job.isl = isl;
    job.seed = splitmix64(context_.prompt_seed + 977 + static_cast<std::uint64_t>(attempt));
    return job;
  }

  /// The tokens of a request minus those of the same request without images.
  void count_image_tokens(const Job& job) {
    const load::LoadResult with = load::run_load(load_options(job)),
                           without = load::run_load(load_options(job, false));
    if (with.whole == 1 && without.whole == 1) image_tokens_ = with.prompt_tokens - without.prompt_tokens;
  }

  JobResult result_of(const Job& job, const load::LoadResult& loaded) const;

  const Context& context_;
  HttpServer server_;
  std::vector<std::string> images_;
  std::map<int, int> words_;  // by the number of tokens that they make
  double image_tokens_ = kUnknown;
};

/// The problem of the first failed request, or of the counts; empty if there is none.
std::string problem_of(const Context& context, const Job& job, const load::LoadResult& loaded) {
  for (const load::Completion& one : loaded.completions) {
    if (one.whole()) continue;
    return std::to_string(loaded.failed) + " of " + std::to_string(loaded.completions.size()) +
           " requests failed; the first: " + context.clean(one.problem);
  }
  if (static_cast<int>(loaded.completions.size()) < job.requests) return "stopped";
  double most_cached = 0;
  for (const load::Completion& one : loaded.completions) {
    if (!known(one.output_tokens) || !known(one.prompt_tokens))
      return "the server does not report token counts (usage)";
    if (one.output_tokens != job.osl) {
      return "the server returned " + number_text(one.output_tokens) + " tokens where " +
             std::to_string(job.osl) + " were requested; it ignores ignore_eos and min_tokens";
    }
    const double off = std::abs(one.prompt_tokens - job.isl);
    if (off > std::max(kPromptToleranceTokens, kPromptTolerance * job.isl)) {
      return "the server counts " + number_text(one.prompt_tokens) + " tokens in a prompt of " +
             std::to_string(job.isl);
    }
    if (one.cached_tokens > most_cached) most_cached = one.cached_tokens;
  }
  if (most_cached > std::max(16.0, kPromptTolerance * job.isl))
    return "the prefix cache held " + number_text(most_cached) + " tokens of a prompt; disable it";
  return {};
}

JobResult HttpDriver::result_of(const Job& job, const load::LoadResult& loaded) const {
  JobResult result;
  result.problem = problem_of(context_, job, loaded);
  result.image_tokens = image_tokens_;
  if (result.problem.empty() && job.image_tokens > 0 && known(image_tokens_) &&
      std::abs(image_tokens_ - job.image_tokens) >
          std::max(kPromptToleranceTokens, kPromptTolerance * job.image_tokens)) {
    result.problem = "the server counts " + number_text(image_tokens_) +
                     " image tokens where the plan states " + std::to_string(job.image_tokens);
  }
  result.begin_s = loaded.begin_s;
  result.end_s = loaded.end_s;
  result.ttft_s = loaded.ttft.mean_s;
  result.tpot_s = loaded.tpot.mean_s;
  if (loaded.whole > 0) result.prompt_tokens = loaded.prompt_tokens / loaded.whole;
  bool all_timed = true;
  for (const load::Completion& one : loaded.completions) {
    result.answers.push_back({one.begin_s, one.first_s, one.end_s, one.output_tokens});
    if (!(result.first_s >= one.first_s)) result.first_s = one.first_s;
    all_timed = all_timed && known(one.first_s);
  }
  if (!all_timed) result.first_s = result.ttft_s = result.tpot_s = kUnknown;
  return result;
}

}  // namespace

std::unique_ptr<Driver> start_http(const Context& context, const Deployment& deployment) {
  return std::make_unique<HttpDriver>(context, deployment);
}

}  // namespace energylens::campaign
