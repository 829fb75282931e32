// SPDX-License-Identifier: Apache-2.0
// Starts a server, waits until it answers, and sends it jobs. A job is believed only if every request was
// answered with as many tokens as were asked for, by the server's own count. Held by loop_test.cpp.
#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "campaign/driver.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/core/rounded_text.hpp"
#include "energylens/http/client.hpp"
#include "energylens/load/driver.hpp"
#include "energylens/load/prompts.hpp"

namespace energylens::campaign {
namespace {

constexpr double kPromptTolerance = 0.02, kPromptToleranceTokens = 2;

http::GetOptions get_options(const Context& context, double timeout_s) {
  http::GetOptions options;
  options.timeout_s = timeout_s;
  options.max_bytes = 1u << 20;
  options.headers = key_headers(context.options.api_key);
  return options;
}

/// JSON of a page; null if there is none.
wire::Json page(const Context& context, const std::string& url) {
  const http::Response response = http::get(url, get_options(context, 5));
  if (!response.ok()) return {};
  try {
    return wire::parse_json(response.body, url);
  } catch (const Error&) {
    return {};
  }
}

bool says(const wire::Json& object, std::string_view name, std::string_view text) {
  const wire::Json* const value = object.is_object() ? object.find(name) : nullptr;
  return value && value->is_text() && value->as_text() == text;
}

/// A request that waits for its first token does not see Ctrl-C: once cancelled, the server is told to end.
class EndOnCancel {
 public:
  EndOnCancel(const Context& context, const Process* process) {
    if (!process) return;
    thread_ = std::thread([this, &context, process] {
      std::unique_lock lock(mutex_);
      while (!over_ && !context.cancelled()) changed_.wait_for(lock, std::chrono::milliseconds(50));
      if (!over_) process->ask_to_end();
    });
  }
  EndOnCancel(const EndOnCancel&) = delete;
  EndOnCancel& operator=(const EndOnCancel&) = delete;
  ~EndOnCancel() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

class HttpDriver : public Driver {
 public:
  HttpDriver(const Context& context, const Deployment& deployment)
      : context_(context), deployment_(deployment) {
    const bool starts = !context.plan.serve_cmd.empty();
    const int port = starts ? free_port() : 0;
    url_ = context.plan.url.empty() ? "http://127.0.0.1:" + std::to_string(port)
                                    : fill(context.plan.url, {{"port", std::to_string(port)}});
    while (url_.ends_with('/')) url_.pop_back();
    if (starts) {
      if (answers()) throw Error(ErrorCode::io, {}, "something answers at " + url_ + " already");
      process_ = std::make_unique<Process>(process_of(context, deployment, port));
    }
    try {
      wait_until_ready();
    } catch (...) {
      if (process_) process_->stop(context.plan.settings.stop_timeout_s);
      throw;
    }
    ask_about();
    for (const std::string& image : context.plan.images) images_.push_back(load::image_url(image));
  }
  ~HttpDriver() override {
    if (process_) process_->stop(context_.plan.settings.stop_timeout_s);
  }

  JobResult run(const Job& job) override {
    const EndOnCancel watch(context_, process_.get());
    const load::LoadResult loaded = load::run_load(load_options(job));
    return result_of(job, loaded);
  }
  bool alive() override { return process_ ? process_->running() : answers(); }
  std::string end_text() override {
    if (!process_) return "no server answers at " + url_ + " any more";
    const std::string last = context_.clean(last_line_of(context_.log_of(deployment_)));
    return "the server " + process_->end_text() + (last.empty() ? "" : ": " + last);
  }
  bool simulated() const override { return simulated_; }
  wire::Json about() const override { return about_; }

 private:
  bool answers() const {
    return http::get(url_ + "/health", get_options(context_, 2)).ok() ||
           http::get(url_ + "/v1/models", get_options(context_, 2)).ok();
  }

  void wait_until_ready() {
    const double begin_s = meter::steady_now_s(), limit_s = context_.plan.settings.ready_timeout_s;
    while (true) {
      if (context_.cancelled()) throw Error::cancelled();
      if (process_ && !process_->running()) throw Error(ErrorCode::io, {}, end_text());
      if (answers()) return;
      if (!process_) throw Error(ErrorCode::io, {}, "no server answers at " + url_);
      if (meter::steady_now_s() - begin_s > limit_s)
        throw Error(ErrorCode::io, {}, "the server is not ready after " + rounded_text(limit_s) + " s");
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  void ask_about() {
    model_ = context_.plan.served_model.empty() ? deployment_.model : context_.plan.served_model;
    about_ = wire::Json::object({{"url", url_}});
    if (const wire::Json version = page(context_, url_ + "/version"); version.is_object())
      about_["version"] = version.text_or("version", "");
    const wire::Json models = page(context_, url_ + "/v1/models");
    const wire::Json* const data = models.is_object() ? models.find("data") : nullptr;
    if (!data || !data->is_array() || data->items().empty() || !data->items()[0].is_object()) return;
    const wire::Json& first = data->items()[0];
    if (context_.plan.served_model.empty()) model_ = first.text_or("id", model_);
    simulated_ = says(first, "owned_by", "energylens-simulate");
    about_["served_model"] = model_;
    about_["owned_by"] = first.text_or("owned_by", "");
  }

  load::LoadOptions load_options(const Job& job) {
    load::LoadOptions options;
    options.url = url_;
    options.model = model_;
    options.api_key = context_.options.api_key;
    options.concurrency = job.batch;
    options.requests = job.requests;
    options.timeout_s = context_.plan.settings.request_timeout_s;
    options.cancel = context_.options.cancel;
    const int words = words_for(job.isl);
    options.prompt = [this, job, words](int index) { return prompt(job, index, words); };
    return options;
  }

  load::Prompt prompt(const Job& job, int index, int words) const {
    load::Prompt prompt;
    prompt.max_tokens = job.osl;
    prompt.images = images_;
    prompt.chat = context_.plan.api == "chat";
    const std::uint64_t seed = splitmix64(job.seed + static_cast<std::uint64_t>(index));
    if (context_.plan.prompt == "tokens") {
      prompt.tokens = load::random_tokens(seed, job.isl, context_.plan.settings.vocabulary);
    } else {
      prompt.text = load::random_words(seed, words);
    }
    return prompt;
  }

  /// How many words make so many tokens on this server: by its own count, a few times corrected.
  int words_for(int isl) {
    if (context_.plan.prompt == "tokens") return 0;
    if (const auto found = words_.find(isl); found != words_.end()) return found->second;
    int words = isl;
    words_[isl] = words;
    for (int attempt = 0; attempt < 5; ++attempt) {
      words_[isl] = words;
      Job job;
      job.isl = isl;
      job.seed = splitmix64(context_.plan.seed + 977 + static_cast<std::uint64_t>(attempt));
      const load::LoadResult loaded = load::run_load(load_options(job));
      if (!known(loaded.prompt_tokens) || loaded.whole == 0) break;
      const double off = loaded.prompt_tokens - isl;
      if (off == 0) break;
      words = std::max(
          1, static_cast<int>(std::lround(words - off * words / std::max(loaded.prompt_tokens, 1.0))));
    }
    return words_[isl];
  }

  JobResult result_of(const Job& job, const load::LoadResult& loaded) const;

  const Context& context_;
  Deployment deployment_;
  std::string url_, model_;
  std::unique_ptr<Process> process_;
  std::vector<std::string> images_;
  std::map<int, int> words_;
  bool simulated_ = false;
  wire::Json about_;
};

/// What the first failed request, or the counts, say against a job; empty if nothing.
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
      return "the server does not count tokens (usage)";
    if (one.output_tokens != job.osl) {
      return "the server gave " + number_text(one.output_tokens) + " tokens where " +
             std::to_string(job.osl) + " were asked for: it does not heed ignore_eos and min_tokens";
    }
    const double off = std::abs(one.prompt_tokens - job.isl);
    if (off > std::max(kPromptToleranceTokens, kPromptTolerance * job.isl)) {
      return "the server counts " + number_text(one.prompt_tokens) + " tokens in a prompt of " +
             std::to_string(job.isl);
    }
    if (one.cached_tokens > most_cached) most_cached = one.cached_tokens;
  }
  if (most_cached > std::max(16.0, kPromptTolerance * job.isl))
    return "the prefix cache answered " + number_text(most_cached) + " tokens of a prompt; switch it off";
  return {};
}

JobResult HttpDriver::result_of(const Job& job, const load::LoadResult& loaded) const {
  JobResult result;
  result.problem = problem_of(context_, job, loaded);
  result.begin_s = loaded.begin_s;
  result.end_s = loaded.end_s;
  result.ttft_s = loaded.ttft.mean_s;
  result.tpot_s = loaded.tpot.mean_s;
  if (loaded.whole > 0) result.prompt_tokens = loaded.prompt_tokens / loaded.whole;
  for (const load::Completion& one : loaded.completions) {
    result.answers.push_back({one.begin_s, one.first_s, one.end_s, one.output_tokens});
    if (!(result.first_s >= one.first_s)) result.first_s = one.first_s;
  }
  return result;
}

}  // namespace

std::unique_ptr<Driver> start_http(const Context& context, const Deployment& deployment) {
  return std::make_unique<HttpDriver>(context, deployment);
}

}  // namespace energylens::campaign
