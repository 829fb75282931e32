// SPDX-License-Identifier: Apache-2.0
// Held by power_tools_test.cpp.
#include "importers/power/trace_builder.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/readers/times.hpp"
#include "meter/bursts.hpp"

namespace energylens::importers {
namespace {

constexpr double kDay_s = 86400;
/// More devices than a log of one cluster has; each costs memory.
constexpr std::size_t kMostDevices = 100'000;

}  // namespace

double TraceBuilder::time_of(std::string_view text, const Place& place) {
  const auto time = parse_time(text);
  if (!time) throw Error::bad_cell(place, shown(text), "a time");
  if (time->time_of_day) {
    if (time->time_s < last_of_day_s_ - kDay_s / 2) day_s_ += kDay_s;
    last_of_day_s_ = time->time_s;
    return day_s_ + time->time_s;
  }
  const double offset_s =
      known(request_.log_utc_offset_s) ? request_.log_utc_offset_s : request_.utc_offset_s;
  return time->local ? time->time_s - offset_s : time->time_s;
}

void TraceBuilder::add(PowerSample sample, const Place& place) {
  const std::string id = sample.uuid.empty() ? std::to_string(sample.index) : sample.uuid;
  const auto [found, is_new] = tracks_.emplace(
      sample.host + '\n' + id + '\n' + std::string(meter::scope_text(sample.scope)), trace_.tracks.size());
  if (is_new) {
    if (tracks_.size() > kMostDevices) throw Error::bad_input({file_, 0, {}}, "too many devices for a log");
    meter::Track track;
    track.device.name = shown(sample.name);
    track.device.uuid =
        shown(!sample.uuid.empty() || sample.host.empty() ? sample.uuid : sample.host + '/' + id);
    track.device.index = sample.index;
    track.device.scope = track.device.power_scope = sample.scope;
    trace_.tracks.push_back(std::move(track));
  }
  meter::Track& track = trace_.tracks[found->second];
  meter::Reading reading;
  reading.power_w = sample.power_w;
  reading.energy_j = sample.energy_j;
  reading.problem = std::move(sample.problem);
  reading.time_s = sample.time_s;
  if (!known(reading.time_s)) {
    if (!known(request_.log_period_s))
      throw Error::bad_input(
          {file_, place.line, {}},
          "the log has no times; state the time between its readings with --log-period-s S");
    const double begin_s = known(request_.window.begin_s) ? request_.window.begin_s : 0;
    reading.time_s = begin_s + request_.log_period_s * static_cast<double>(track.readings.size());
  }
  if (!track.readings.empty() && track.readings.back().time_s == reading.time_s) {
    const meter::Reading& last = track.readings.back();
    if (last.power_w == reading.power_w && !known(reading.energy_j)) return;  // written twice
    if (!known(last.power_w) && known(reading.power_w) && last.problem.empty()) {
      track.readings.back().power_w = reading.power_w;
      return;
    }
    if (!known(last.energy_j) && known(reading.energy_j)) {
      track.readings.back().energy_j = reading.energy_j;
      return;
    }
    throw Error::bad_input(
        Place{file_, place.line, place.column},
        fmt::format("two readings of one time and of one device, {}: these are several devices, and no "
                    "column identifies them",
                    shown(id)));
  }
  track.device.has_power = track.device.has_power || known(reading.power_w);
  track.device.has_counter = track.device.has_counter || known(reading.energy_j);
  track.readings.push_back(std::move(reading));
}

meter::Trace TraceBuilder::finish() {
  if (trace_.tracks.empty()) throw Error::bad_input({file_, 0, {}}, "the log contains no reading");
  for (meter::Track& track : trace_.tracks) {
    if (!track.device.uuid.empty() || known(request_.log_period_s) || !meter::bursts_of(track.readings))
      continue;
    throw Error::bad_input({file_, 0, {}},
                           "lines come in groups: these are several devices, and no column identifies them");
  }
  return std::move(trace_);
}

}  // namespace energylens::importers
