// SPDX-License-Identifier: Apache-2.0
// trace.cpp: a trace as traffic. Times begin at 0 and are divided by the speed; repeats follow one mean gap after the
// last arrival. Held by trace_test.cpp.
#include "energylens/serving/trace.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "serving/prefix_cache.hpp"
#include "serving/trace_records.hpp"

namespace energylens::serving {
namespace {

class TraceTraffic : public Traffic {
 public:
  TraceTraffic(std::string file, const TraceOptions& options)
      : file_(std::move(file)),
        options_(options),
        records_(open_records(file_)),
        cache_(options.prefix_cache_tokens / kHashedTokens),
        times_left_(options.times) {}

  bool next(Request& request) override {
    TraceRecord record;
    do {
      if (!next_record(record)) return false;
      check(record);
      if (record.output < 1) ++without_output_;
    } while (record.output < 1);
    ++read_;
    request = {shift_s_ + (record.time_s - first_s_) / options_.speed,
               static_cast<std::int32_t>(record.prompt), static_cast<std::int32_t>(record.output), 0};
    request.cached = std::min(static_cast<std::int32_t>(cached(record)), request.prompt - 1);
    last_s_ = request.arrival_s;
    return true;
  }

  std::size_t without_output() const { return without_output_; }

 private:
  bool next_record(TraceRecord& record) {
    while (!records_->next(record)) {
      if (--times_left_ == 0 || read_ == 0) return false;
      records_ = open_records(file_);
      const std::size_t per_pass = read_ / (options_.times - times_left_);
      shift_s_ = last_s_ + (last_s_ - shift_s_) / std::max<double>(1, static_cast<double>(per_pass) - 1);
      begun_ = false;
    }
    if (!begun_) first_s_ = before_s_ = record.time_s;
    begun_ = true;
    return true;
  }

  void check(const TraceRecord& record) {
    if (record.time_s < before_s_) {
      throw Error::bad_input(record.place, "arrives " + quantity_text(before_s_ - record.time_s, "s") +
                                               " before the request above it; sort the trace by time");
    }
    before_s_ = record.time_s;
    if (record.prompt < 1) throw Error::bad_input(record.place, "has no input tokens");
    if (record.cached > record.prompt)
      throw Error::bad_input(record.place, "has more cached tokens than input tokens");
    const double tokens = record.prompt + record.output;
    if (options_.most_tokens > 0 && tokens > options_.most_tokens) {
      throw Error::bad_input(record.place, "has " + rounded_text(tokens, 9) +
                                               " tokens; the context of the model is " +
                                               rounded_text(options_.most_tokens, 9));
    }
  }

  double cached(const TraceRecord& record) {
    if (known(record.cached)) return record.cached;
    if (record.hashes.empty()) return 0;
    return static_cast<double>(cache_.look_up(record.hashes)) * kHashedTokens;
  }

  std::string file_;
  TraceOptions options_;
  std::unique_ptr<TraceRecords> records_;
  PrefixCache cache_;
  std::size_t times_left_, read_ = 0, without_output_ = 0;
  bool begun_ = false;
  double first_s_ = 0, before_s_ = 0, last_s_ = 0, shift_s_ = 0;
};

}  // namespace

void TraceOptions::validate() const {
  if (!(speed > 0)) throw Error::usage("the speed of a trace must be above 0");
  if (times < 1) throw Error::usage("a trace is read at least once");
}

std::unique_ptr<Traffic> open_trace(const std::string& file, const TraceOptions& options) {
  options.validate();
  return std::make_unique<TraceTraffic>(file, options);
}

TraceSummary summarise_trace(const std::string& file, const TraceOptions& options) {
  options.validate();
  TraceTraffic traffic(file, options);
  TraceSummary out;
  double prompt = 0, output = 0, cached = 0, before = 0, squares = 0;
  for (Request one; traffic.next(one); ++out.requests) {
    const double gap = one.arrival_s - before;
    squares += gap * gap;
    before = one.arrival_s;
    prompt += one.prompt;
    output += one.output;
    cached += one.cached;
    out.longest = std::max<double>(out.longest, static_cast<double>(one.prompt) + one.output);
  }
  out.without_output = traffic.without_output();
  out.duration_s = before;
  if (out.requests < 2 || !(out.duration_s > 0))
    throw Error::bad_input({file, 0, ""}, "a trace needs at least two requests at different times");
  const auto n = static_cast<double>(out.requests), gaps = n - 1, mean = out.duration_s / gaps;
  out.prompt_mean = prompt / n;
  out.output_mean = output / n;
  out.cached_mean = cached / n;
  out.gap_cv = std::sqrt(std::max(squares / gaps - mean * mean, 0.0)) / mean;
  return out;
}

std::vector<Tokens> sample_lengths(const std::string& file, const TraceOptions& options, std::size_t most,
                                   std::uint64_t seed) {
  const auto traffic = open_trace(file, options);
  std::vector<Tokens> out;
  Rng rng(seed);
  std::size_t seen = 0;
  for (Request one; traffic->next(one);) {
    const Tokens tokens{one.prompt, one.output, one.cached};
    ++seen;
    if (out.size() < most) {
      out.push_back(tokens);
    } else if (const std::size_t place = rng.below(seen); place < most) {
      out[place] = tokens;
    }
  }
  return out;
}

}  // namespace energylens::serving
