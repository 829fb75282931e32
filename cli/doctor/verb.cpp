// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/meter/flags.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "core/rounded_text.hpp"
#include "energylens/meter/recorder.hpp"
#include "energylens/meter/window.hpp"

namespace energylens::cli {
namespace {

/// Between readings while update periods are measured.
constexpr double kFastPeriod_s = 0.005;

struct DoctorOptions {
  MeterFlags meters;
  double seconds = 1.5;
  std::string format = "table";
};

/// The smallest step that a counter was seen to make.
double smallest_step_j(const meter::Track& track) {
  double least = kUnknown, before = kUnknown;
  for (const meter::Reading& reading : track.readings) {
    const double step = reading.energy_j - before;
    if (step > 0 && !(least <= step)) least = step;
    if (known(reading.energy_j)) before = reading.energy_j;
  }
  return least;
}

io::Json device_json(const meter::Track& track) {
  const meter::Device& device = track.device;
  const meter::Measurement m = meter::measure(track);
  std::string problem;
  for (const meter::Reading& reading : track.readings)
    if (!reading.problem.empty()) problem = reading.problem;
  io::Json json = io::Json::object({{"index", device.index},
                                    {"uuid", device.uuid},
                                    {"name", device.name},
                                    {"scope", meter::scope_text(device.scope)},
                                    {"energy_counter", device.has_counter},
                                    {"counter_update_s", m.counter_update_s},
                                    {"counter_step_j", smallest_step_j(track)},
                                    {"counter_wrap_j", device.counter_wrap_j},
                                    {"power", device.has_power},
                                    {"power_scope", meter::scope_text(device.power_scope)},
                                    {"power_average_s", device.power_average_s},
                                    {"power_update_s", m.power_update_s},
                                    {"power_w", m.mean_power_w},
                                    {"of_this_moment", m.provenance.empty()}});
  json["not_of_moment"] = m.provenance.empty() ? io::Json() : io::Json(m.provenance);
  json["problem"] = problem.empty() ? io::Json() : io::Json(problem);
  json["note"] = device.note;
  return json;
}

io::Json meter_json(const TriedMeter& tried, const std::string& label, double seconds) {
  io::Json json = io::Json::object({{"meter", tried.backend->name},
                                    {"label", label},
                                    {"measures", tried.backend->sentence},
                                    {"source", tried.source},
                                    {"available", tried.opened.meter != nullptr}});
  if (!tried.opened.meter) {
    json["missing"] = tried.opened.missing;
    json["remedy"] = tried.opened.remedy;
    return json;
  }
  meter::Recorder recorder(*tried.opened.meter, {.period_s = kFastPeriod_s});
  recorder.start();
  real_clock().sleep(seconds, &interrupted());
  recorder.stop();
  const meter::Timing timing = recorder.timing();
  const auto taken = recorder.trace().tracks.front().readings.size();
  json["seconds_per_reading"] = timing.cpu_s / static_cast<double>(taken);
  json["period_sd_s"] = timing.period_sd_s;
  json["devices"] = io::Json::array();
  for (const meter::Track& track : recorder.trace().tracks) json["devices"].push_back(device_json(track));
  return json;
}

void add_devices(TextTable& table, std::string& remarks, const io::Json& one) {
  for (const io::Json& device : one.array_at("devices")) {
    const std::string name = one.text("label") + ' ' + rounded_text(device.number("index"), 6);
    table.add({name, device.text("name"), device.text("scope"),
               quantity_text(device.number_or_unknown("counter_update_s"), "s"),
               quantity_text(device.number_or_unknown("counter_step_j"), "J"),
               quantity_text(device.number_or_unknown("power_update_s"), "s"),
               rounded_text(device.number_or_unknown("power_w"))});
    if (!device.boolean("of_this_moment"))
      remarks += "not a live reading: " + name + ": " + device.text("not_of_moment") + '\n';
    if (!device.text("note").empty()) remarks += "note: " + name + ": " + device.text("note") + '\n';
    if (!device.at("problem").is_null()) remarks += "error: " + name + ": " + device.text("problem") + '\n';
  }
}

std::string report_text(const io::Json& report) {
  TextTable table("lllrrrr",
                  {"device", "name", "scope", "counter period", "counter step", "power period", "power W"});
  std::string remarks, missing;
  bool any = false;
  for (const io::Json& one : report.array_at("meters")) {
    if (one.boolean("available")) {
      any = true;
      add_devices(table, remarks, one);
    } else {
      missing += one.text("label") + " unavailable: " + one.text("missing") +
                 "\n  remedy: " + one.text("remedy") + '\n';
    }
  }
  return (any ? table.text() : "no meter is available\n") + remarks + missing;
}

/// Whether one of its devices could be read to the end.
bool measures(const io::Json& one) {
  if (!one.boolean("available")) return false;
  return std::ranges::any_of(one.array_at("devices"),
                             [](const io::Json& device) { return device.at("problem").is_null(); });
}

int examine(const DoctorOptions& options) {
  io::Json report = io::Json::object({{"meters", io::Json::array()}});
  const std::vector<TriedMeter> tried = options.meters.open();
  for (const TriedMeter& one : tried)
    report["meters"].push_back(meter_json(one, label_of(one, tried), options.seconds));
  print(options.format == "json" ? io::print_json(report) + '\n' : report_text(report));
  return std::ranges::any_of(report.array_at("meters"), measures) ? kOk : kFailure;
}

}  // namespace

Run doctor_verb(Arguments& args) {
  const auto options = std::make_shared<DoctorOptions>();
  options->meters.declare(args);
  args.number("--seconds", options->seconds, {.min = 0.1, .max = 600}, "how long to sample each meter (s)");
  args.choice("--format", options->format, {"table", "json"}, "output format");
  args.example("energylens doctor --meter nvml --meter dcgm=http://node7:9400/metrics");
  return [options] { return examine(*options); };
}

}  // namespace energylens::cli
