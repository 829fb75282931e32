// SPDX-License-Identifier: Apache-2.0
// Reading: range queries of a Prometheus server, or a page that is sampled here. What follows is the same. Held by
// observe_test.cpp.
#include "energylens/observe/observe.hpp"

#include <algorithm>
#include <map>

#include "energylens/core/error.hpp"
#include "meter/prometheus.hpp"
#include "observe/prometheus_api.hpp"
#include "observe/rows.hpp"

namespace energylens::observe {
namespace {

Options with_step(Options options) {
  options.step_s = std::min(options.step_s, options.every_s / 4);
  return options;
}

/// Collects pages into series.
class PageSeries {
 public:
  void add(const std::string& page, const std::string& source, double time_s, const Options& options) {
    for (const meter::Metric& line : meter::parse_prometheus(page, source)) {
      const bool engine = find_engine_metric(line.name, line.label("request_type")) != nullptr;
      if (!engine && !importers::find_power_metric(line.name)) continue;
      std::string key = line.name;
      for (const auto& [name, value] : line.labels) key += '\n' + name + '\n' + value;
      const auto [found, is_new] = places_.emplace(std::move(key), series_.size());
      if (is_new) {
        Series series{line.name, line.labels, {}};
        if (label_of(series.labels, {"instance"}).empty())
          series.labels.emplace_back("instance", options.url);
        series_.push_back(std::move(series));
      }
      series_[found->second].points.push_back({time_s, line.value});
    }
  }
  const std::vector<Series>& series() const { return series_; }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<Series> series_;
};

}  // namespace

Observed observe_prometheus(const Options& given) {
  const Options options = with_step(given);
  std::vector<Series> series = query_range(options, query_text(engine_names(), options.selector));
  std::vector<Series> power = query_range(options, query_text(power_names(), {}));
  series.insert(series.end(), std::make_move_iterator(power.begin()), std::make_move_iterator(power.end()));
  return observed_rows(series, options);
}

Observed observe_page(const Options& given) {
  Options options = with_step(given);
  const double length_s = options.end_s - options.begin_s;
  Clock& clock = *options.clock;
  const double first_s = clock.steady_now_s();
  options.begin_s = clock.wall_now_s();
  options.end_s = options.begin_s + length_s;
  PageSeries pages;
  for (double after_s = 0; after_s <= length_s; after_s += options.step_s) {
    if (!clock.sleep_until(first_s + after_s, options.cancel)) throw Error::cancelled();
    const std::string page = fetch(options, options.url);
    pages.add(page, options.url, options.begin_s + clock.steady_now_s() - first_s, options);
    if (options.progress) options.progress(after_s / length_s);
  }
  return observed_rows(pages.series(), options);
}

}  // namespace energylens::observe
