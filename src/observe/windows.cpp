// SPDX-License-Identifier: Apache-2.0
// A window takes the samples inside it; of counters also the first one after it, so that consecutive windows neither lose nor
// share what happened between two samples. A window is steady if the number of requests in flight neither scatters nor drifts,
// nothing was restarted, and every device has power throughout. Held by windows_test.cpp.
#include "observe/windows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace energylens::observe {
namespace {

/// Requests that wait, per request in flight, in a steady window.
constexpr double kMostWaiting = 0.1;

/// Of the requests in flight, counted and by Little's law.
constexpr double kMostDisagreement = 0.25;

struct Range {
  std::size_t begin, end;
};

/// Points of a series in a window.
Range range_of(const Series& series, double begin_s, double end_s) {
  const auto before = [](const Point& point, double time_s) { return point.time_s < time_s; };
  const auto first = std::lower_bound(series.points.begin(), series.points.end(), begin_s, before);
  const auto last = std::lower_bound(first, series.points.end(), end_s, before);
  return {static_cast<std::size_t>(first - series.points.begin()),
          static_cast<std::size_t>(last - series.points.begin())};
}

/// The sum of gauges at each sample; engines of one deployment are scraped together.
std::vector<double> gauge_samples(const std::vector<const Series*>& all, double begin_s, double end_s) {
  std::vector<double> sum;
  for (const Series* series : all) {
    const Range range = range_of(*series, begin_s, end_s);
    if (sum.empty()) sum.resize(range.end - range.begin, 0);
    const std::size_t count = std::min(sum.size(), range.end - range.begin);
    sum.resize(count);
    for (std::size_t i = 0; i < count; ++i) sum[i] += series->points[range.begin + i].value;
  }
  return sum;
}

/// What counters rose by, per second of the samples, times the window; unknown without two samples; `reset` if one fell.
double rise(const std::vector<const Series*>& all, double begin_s, double end_s, bool& reset) {
  if (all.empty()) return kUnknown;
  double total = 0;
  for (const Series* series : all) {
    Range range = range_of(*series, begin_s, end_s);
    if (range.end < series->points.size()) ++range.end;
    if (range.end - range.begin < 2) return kUnknown;
    const Point &first = series->points[range.begin], &last = series->points[range.end - 1];
    for (std::size_t i = range.begin + 1; i < range.end; ++i)
      reset = reset || series->points[i].value < series->points[i - 1].value;
    total += (last.value - first.value) / (last.time_s - first.time_s) * (end_s - begin_s);
  }
  return total;
}

double mean_of(const std::vector<double>& values, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) sum += values[i];
  return sum / static_cast<double>(end - begin);
}

double deviation_of(const std::vector<double>& values, double mean) {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

class Cutter {
 public:
  Cutter(const Deployment& deployment, const Options& options) : deployment_(deployment), options_(options) {}

  WindowFigures cut(double begin_s) {
    WindowFigures w;
    w.begin_s = begin_s;
    w.length_s = options_.every_s;
    end_s_ = begin_s + options_.every_s;
    begin_s_ = begin_s;
    reset_ = false;
    read_load(w);
    read_power(w);
    if (w.reason.empty()) w.reason = reason_of(w);
    return w;
  }

 private:
  double rise_of(Role role) { return rise(deployment_.of(role), begin_s_, end_s_, reset_); }

  double mean_by(Role sum, Role count) {
    const double n = rise_of(count);
    return n > 0 ? rise_of(sum) / n : kUnknown;
  }

  void read_load(WindowFigures& w) {
    in_flight_ = gauge_samples(deployment_.of(Role::running), begin_s_, end_s_);
    const std::vector<double> waiting = gauge_samples(deployment_.of(Role::waiting), begin_s_, end_s_);
    if (!in_flight_.empty()) {
      w.in_flight = mean_of(in_flight_, 0, in_flight_.size());
      w.in_flight_sd = deviation_of(in_flight_, w.in_flight);
      w.idle_share =
          static_cast<double>(std::ranges::count(in_flight_, 0.0)) / static_cast<double>(in_flight_.size());
    }
    if (!waiting.empty()) w.waiting = mean_of(waiting, 0, waiting.size());
    w.requests = rise_of(Role::requests);
    w.input_tokens = rise_of(Role::input_tokens);
    w.output_tokens = rise_of(Role::output_tokens);
    w.cached_tokens = rise_of(Role::cached_tokens);
    w.ttft_s = mean_by(Role::ttft_sum, Role::ttft_count);
    w.tpot_s = mean_by(Role::tpot_sum, Role::tpot_count);
    w.e2e_s = mean_by(Role::e2e_sum, Role::e2e_count);
    if (!known(w.in_flight) && known(w.e2e_s)) w.in_flight = w.requests / w.length_s * w.e2e_s;
  }

  void read_power(WindowFigures& w) {
    if (deployment_.power.empty()) return;
    w.power_w = 0;
    std::vector<double> samples;
    for (const PowerSeries& one : deployment_.power) {
      const Range range = range_of(*one.series, begin_s_, end_s_);
      const double expected = options_.every_s / options_.step_s;
      if (static_cast<double>(range.end - range.begin) < 0.7 * expected) {
        w.power_w = kUnknown;
        w.reason = "power is missing for part of the window";
        return;
      }
      if (one.metric->is_counter) {
        w.power_w += rise({one.series}, begin_s_, end_s_, reset_) * one.metric->factor / w.length_s;
        continue;
      }
      double sum = 0;
      samples.resize(range.end - range.begin, 0);
      for (std::size_t i = range.begin; i < range.end; ++i) {
        sum += one.series->points[i].value * one.metric->factor;
        if (i - range.begin < samples.size())
          samples[i - range.begin] += one.series->points[i].value * one.metric->factor;
      }
      w.power_w += sum / static_cast<double>(range.end - range.begin);
    }
    if (samples.size() > 1) w.power_sd_w = deviation_of(samples, mean_of(samples, 0, samples.size()));
  }

  std::string reason_of(const WindowFigures& w) const {
    if (reset_) return "a counter was reset: the engine or an exporter restarted";
    if (in_flight_.empty() && !known(w.in_flight)) return "the engine was not scraped";
    if (static_cast<double>(in_flight_.size()) < 0.7 * options_.every_s / options_.step_s &&
        !in_flight_.empty())
      return "samples of the engine are missing";
    if (w.in_flight == 0) return "idle";
    if (!(w.requests >= options_.min_requests)) return "too few requests were completed";
    if (!(w.output_tokens > 0)) return "no output tokens were counted";
    if (!known(w.power_w)) return "no power";
    if (w.in_flight_sd > options_.max_spread * w.in_flight) return "the load scattered";
    const std::size_t half = in_flight_.size() / 2;
    if (half >= 2) {
      const double first = mean_of(in_flight_, 0, half),
                   second = mean_of(in_flight_, half, in_flight_.size());
      if (std::abs(second - first) > options_.max_drift * w.in_flight) return "the load drifted";
    }
    const double by_law =
        w.requests / w.length_s * (w.ttft_s + w.tpot_s * (w.output_tokens / w.requests - 1));
    if (std::abs(by_law / w.in_flight - 1) > kMostDisagreement)
      return "requests in flight are not rate times latency: the load changed";
    if (w.waiting > kMostWaiting * w.in_flight) return "requests waited: latencies are those of the queue";
    return {};
  }

  const Deployment& deployment_;
  const Options& options_;
  std::vector<double> in_flight_;
  double begin_s_ = 0, end_s_ = 0;
  bool reset_ = false;
};

}  // namespace

std::vector<WindowFigures> cut_windows(const Deployment& deployment, const Options& options) {
  std::vector<WindowFigures> windows;
  Cutter cutter(deployment, options);
  for (double begin_s = options.begin_s; begin_s + options.every_s <= options.end_s + 1e-6;
       begin_s += options.every_s)
    windows.push_back(cutter.cut(begin_s));
  return windows;
}

}  // namespace energylens::observe
