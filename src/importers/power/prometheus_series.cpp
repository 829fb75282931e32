// SPDX-License-Identifier: Apache-2.0
// Metrics of exporters (power_metrics.cpp): the JSON answer of a range query, and pages that were scraped one after the
// other, whose series come again page by page. Where a device has both a counter and a power, both are read; the meter
// prefers the counter. Held by power_tools_test.cpp.
#include <fmt/format.h>

#include <map>
#include <set>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/formats.hpp"
#include "importers/power/trace_builder.hpp"
#include "importers/power_metrics.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/readers/json_texts.hpp"
#include "meter/prometheus.hpp"

namespace energylens::importers {
namespace {

PowerSample sample_of(const PowerMetric& metric, const Labels& labels, double time_s, double value) {
  const SeriesDevice device = device_of(labels);
  PowerSample sample;
  sample.host = device.host;
  sample.uuid = device.uuid;
  sample.name = device.name;
  sample.index = device.index;
  sample.scope = metric.scope;
  sample.time_s = time_s;
  (metric.is_counter ? sample.energy_j : sample.power_w) = value * metric.factor;
  if (!known(value)) sample.problem = "the exporter gave no number";
  return sample;
}

Labels labels_of(const io::Json& metric) {
  Labels labels;
  if (!metric.is_object()) throw metric.error("expected an object of labels");
  for (const io::Json::Member& member : metric.members()) {
    if (member.value.is_text()) labels.emplace_back(member.name, member.value.as_text());
  }
  return labels;
}

/// Time stamps of a series with their values, merged over the metrics of one device.
struct Moment {
  double power_w = kUnknown, energy_j = kUnknown;
};

struct DeviceSeries {
  PowerSample device;
  std::map<double, Moment> moments;
  std::set<std::string_view> metrics;
};

/// Prefers one power of a device: the metrics that are first in the table.
class SeriesByDevice {
 public:
  void add(const PowerMetric& metric, const Labels& labels, double time_s, double value) {
    const PowerSample sample = sample_of(metric, labels, time_s, value);
    DeviceSeries& series = all_[sample.host + '\n' + sample.uuid + '\n' + std::to_string(sample.index) +
                                '\n' + std::string(meter::scope_text(metric.scope))];
    series.device = sample;
    series.metrics.insert(metric.name);
    Moment& moment = series.moments[time_s];
    if (metric.is_counter) {
      if (!known(moment.energy_j)) moment.energy_j = sample.energy_j;
    } else if (!known(moment.power_w)) {
      moment.power_w = sample.power_w;
    }
  }

  meter::Trace finish(TraceBuilder& trace) {
    for (const auto& [id, series] : all_) {
      for (const auto& [time_s, moment] : series.moments) {
        PowerSample sample = series.device;
        sample.time_s = time_s;
        sample.power_w = moment.power_w;
        sample.energy_j = moment.energy_j;
        sample.problem = known(moment.power_w) || known(moment.energy_j) ? "" : "the exporter gave no number";
        trace.add(std::move(sample));
      }
    }
    return trace.finish();
  }

 private:
  std::map<std::string, DeviceSeries> all_;
};

[[noreturn]] void refuse_metrics(const std::string& file, const std::set<std::string>& others) {
  std::string names;
  for (const std::string& name : others) {
    if (names.size() < 200) names += (names.empty() ? "" : ", ") + shown(name);
  }
  throw Error::bad_input({file, 0, {}}, "no metric of power that is known" +
                                            (names.empty() ? std::string() : "; it has " + names));
}

}  // namespace

meter::Trace read_prometheus_range(const std::string& text, const std::string& file, const Request& request) {
  std::vector<std::string> warnings;
  const io::Json answer = json_in(text, file, warnings);
  if (text_at(answer, "status") == "error")
    throw answer.error("the server answered with an error: " + shown(text_at(answer, "error")));
  TraceBuilder trace(file, request);
  SeriesByDevice series;
  std::set<std::string> others;
  std::size_t points = 0;
  for (const io::Json& one : answer.at("data").array_at("result")) {
    const Labels labels = labels_of(one.at("metric"));
    const std::string name = label_of(labels, {"__name__"});
    const PowerMetric* const metric = find_power_metric(name);
    if (!metric) {
      others.insert(name.empty() ? "a series without a name" : name);
      continue;
    }
    const io::Json* const values = one.find("values");
    if (!values) throw one.error("one moment has no energy: ask for a range, /api/v1/query_range");
    for (const io::Json& pair : values->items()) {
      if (!pair.is_array() || pair.items().size() != 2) throw pair.error("expected a time and a value");
      series.add(*metric, labels, pair.items()[0].as_number(),
                 parse_number(pair.items()[1].as_text()).value_or(kUnknown));
      ++points;
    }
  }
  if (points == 0) refuse_metrics(file, others);
  for (const std::string& name : others)
    trace.warn(file + ": " + name + " is not a known metric of power and is not used");
  return series.finish(trace);
}

meter::Trace read_metrics_page(const std::string& text, const std::string& file, const Request& request) {
  TraceBuilder trace(file, request);
  SeriesByDevice series;
  std::set<std::string> others;
  std::map<std::string, int> pages;  // how often each series came
  std::size_t points = 0;
  for (const meter::Metric& line : meter::parse_prometheus(text, file)) {
    const PowerMetric* const metric = find_power_metric(line.name);
    if (!metric) {
      if (lower_case(line.name).find("power") != std::string::npos) others.insert(line.name);
      continue;
    }
    std::string key = line.name;
    for (const auto& [name, value] : line.labels) key += '\n' + name + '\n' + value;
    const int page = pages[key]++;
    double time_s = line.time_s;
    if (!known(time_s)) {
      if (!known(request.log_period_s))
        throw Error::bad_input(
            {file, 0, {}},
            "the page has no times; append one scrape to the other and state the time between them with "
            "--log-period-s S, or meter the exporter: energylens meter --meter dcgm=URL -- COMMAND");
      time_s = (known(request.window.begin_s) ? request.window.begin_s : 0) + request.log_period_s * page;
    }
    series.add(*metric, line.labels, time_s, line.value);
    ++points;
  }
  if (points == 0) refuse_metrics(file, others);
  return series.finish(trace);
}

Imported import_prometheus_range(const Request& request) {
  return import_log(request, "prometheus-range");
}
Imported import_metrics_page(const Request& request) {
  return import_log(request, "metrics-page");
}

std::vector<FieldInfo> power_metric_fields() {
  std::vector<FieldInfo> fields;
  for (const PowerMetric& metric : power_metrics())
    fields.push_back(
        {std::string(metric.name), metric.is_counter ? "total_energy_j (counter)" : "total_energy_j (power)",
         FieldUse::read, fmt::format("{}; scope {}", metric.exporter, meter::scope_text(metric.scope))});
  fields.push_back({"labels UUID, gpu, Hostname, ...", "device", FieldUse::read, ""});
  fields.push_back({"", "avg_power_w", FieldUse::derived, "energy over the window"});
  fields.push_back({"kepler_container_*, kepler_pod_*", "", FieldUse::refused,
                    "shares of the node that the exporter estimates"});
  return fields;
}

}  // namespace energylens::importers
