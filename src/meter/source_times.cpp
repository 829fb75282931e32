// SPDX-License-Identifier: Apache-2.0
// A recording that is played shows the power of another time as if it were now, and an exporter that hangs
// repeats its last page: both look live. They are recognised by the time that they state themselves. A
// recording never belongs to the window, since it was read before that began. A page may lag, as exporters
// do, up to a limit. Held by source_times_test.cpp.
#include "meter/source_times.hpp"

#include <cmath>

#include "core/calendar_text.hpp"
#include "core/rounded_text.hpp"

namespace energylens::meter {
namespace {

std::string span_text(const Window& source) {
  const std::string begin = calendar_text(source.begin_s), end = calendar_text(source.end_s);
  if (begin.empty() || end.empty()) return "another time";
  return begin == end ? begin + " UTC" : begin + " to " + end + " UTC";
}

std::string duration_text(double seconds) {
  struct Unit {
    double seconds;
    const char* name;
  };
  for (const Unit unit : {Unit{86400, "days"}, Unit{3600, "h"}, Unit{60, "min"}}) {
    if (seconds >= 2 * unit.seconds) return rounded_text(seconds / unit.seconds) + ' ' + unit.name;
  }
  return quantity_text(seconds, "s");
}

}  // namespace

Window source_window(std::span<const Reading> readings) {
  Window window;
  for (const Reading& reading : readings) {
    if (!known(reading.source_time_s)) continue;
    if (!(window.begin_s <= reading.source_time_s)) window.begin_s = reading.source_time_s;
    if (!(window.end_s >= reading.source_time_s)) window.end_s = reading.source_time_s;
  }
  return window;
}

std::string provenance(const Device& device, const Window& source, const Window& window,
                       const Limits& limits) {
  const double before_s = window.begin_s - source.begin_s;
  if (device.recorded) {
    if (!known(before_s)) return "a recording";
    return "a recording of " + span_text(source) + ", " + duration_text(std::abs(before_s)) +
           (before_s < 0 ? " after" : " before") + " the window";
  }
  if (!(before_s > limits.max_source_age_s)) return {};
  return "the source's own time is " + span_text(source) + ", " + duration_text(before_s) +
         " before the window";
}

}  // namespace energylens::meter
