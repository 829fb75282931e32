// SPDX-License-Identifier: Apache-2.0
// A result may state when its run began and ended. Else there is its date, which has no time zone. Zones differ from UTC by whole quarters of an hour, so that a report as long
// as the run contains the run in hardly any zone unless it is the report of that run. Held by
// run_window_test.cpp.
#include "importers/run_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>

#include "core/calendar_text.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::importers {
namespace {

/// A report may be shorter than the run by rounding, and longer by a small error of its energy.
constexpr double kShortest = 0.99, kLongest = 1.05;
/// Time zones, s.
constexpr double kQuarter_s = 900, kWest_s = -12 * 3600, kEast_s = 14 * 3600;
/// Delay between a run and its result, or difference between clocks, s.
constexpr double kSlack_s = 5;

/// Seconds since 1970 of "20260214-153825", taken as UTC; unknown for another text.
double date_s(const std::string& text) {
  if (text.size() != 15 || text[8] != '-') return kUnknown;
  std::array<int, 6> parts{};
  const std::array<std::pair<std::size_t, std::size_t>, 6> places = {
      {{0, 4}, {4, 2}, {6, 2}, {9, 2}, {11, 2}, {13, 2}}};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const char c : text.substr(places[i].first, places[i].second)) {
      if (c < '0' || c > '9') return kUnknown;
      parts[i] = 10 * parts[i] + (c - '0');
    }
  }
  const std::chrono::year_month_day date{std::chrono::year(parts[0]),
                                         std::chrono::month(static_cast<unsigned>(parts[1])),
                                         std::chrono::day(static_cast<unsigned>(parts[2]))};
  if (!date.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 60) return kUnknown;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return 86400.0 * days + 3600.0 * parts[3] + 60.0 * parts[4] + parts[5];
}

/// An offset of local time for which `local_s` is between two times: the wanted one if possible, else the nearest to
/// it.
std::optional<double> offset_that_explains(double local_s, double from_s, double to_s, double wanted_s) {
  const auto explains = [&](double offset_s) {
    return local_s - offset_s >= from_s && local_s - offset_s <= to_s;
  };
  if (explains(wanted_s)) return wanted_s;
  std::optional<double> best;
  for (double offset_s = kWest_s; offset_s <= kEast_s; offset_s += kQuarter_s) {
    if (!explains(offset_s)) continue;
    if (!best || std::abs(offset_s - wanted_s) < std::abs(*best - wanted_s)) best = offset_s;
  }
  return best;
}

double date_offset_s(const Request& request) {
  return known(request.date_utc_offset_s) ? request.date_utc_offset_s : request.utc_offset_s;
}

/// The begin that the result states, or that its end and duration give.
double stated_begin_s(const RunTime& run) {
  return known(run.begin_s) ? run.begin_s : run.end_s - run.duration_s;
}
double stated_end_s(const RunTime& run) {
  return known(run.end_s) ? run.end_s : run.begin_s + run.duration_s;
}

/// Whether all devices have readings before and after the window.
bool covers(const meter::Trace& log, const meter::Window& window) {
  return std::ranges::all_of(log.tracks, [&](const meter::Track& track) {
    return !track.readings.empty() && track.readings.front().time_s <= window.begin_s &&
           track.readings.back().time_s >= window.end_s;
  });
}

/// The sum over devices of the mean of their readings in the window.
double mean_power_w(const meter::Trace& log, const meter::Window& window) {
  double total_w = 0;
  for (const meter::Track& track : log.tracks) {
    double sum_w = 0, count = 0;
    for (const meter::Reading& reading : track.readings) {
      if (!(reading.time_s >= window.begin_s && reading.time_s <= window.end_s) || !known(reading.power_w))
        continue;
      sum_w += reading.power_w;
      ++count;
    }
    total_w += sum_w / count;
  }
  return total_w;
}

/// Refuses a report that does not contain the window that the result states.
void check_stated_window(const GpuEnergy& report, const RunTime& run, const std::string& file) {
  const double begin_s = stated_begin_s(run), end_s = stated_end_s(run);
  const double report_end_s = report.begin_s + report.duration_s;
  if (!(begin_s < report.begin_s - kSlack_s || end_s > report_end_s + kSlack_s)) return;
  throw Error::bad_input({file, 0, {}},
                         fmt::format("the report is from {} to {} UTC, but the run was from {} to {}",
                                     calendar_text(report.begin_s), calendar_text(report_end_s),
                                     calendar_text(begin_s), calendar_text(end_s)));
}

void check_length(const GpuEnergy& report, const RunTime& run, const std::string& file) {
  const double share = report.duration_s / run.duration_s;
  if (share >= kShortest && share <= kLongest) return;
  const std::string lengths =
      fmt::format("the report covers {}, but the run took {}", quantity_text(report.duration_s, "s"),
                  quantity_text(run.duration_s, "s"));
  if (share < kShortest)
    throw Error::bad_input({file, 0, {}}, lengths + "; it is not the report of this run");
  throw Error::bad_input({file, 0, {}},
                         lengths +
                             "; it contains energy from outside of the run, such as the start of its "
                             "command. Use a log or a recording (energylens meter --samples FILE) and "
                             "give the window of the run with --begin and --end");
}

}  // namespace

bool is_by_date(const RunTime& run, const Request& request) {
  const bool has_begin = known(request.window.begin_s) || known(stated_begin_s(run));
  const bool has_end = known(request.window.end_s) || known(stated_end_s(run));
  return !has_begin || !has_end;
}

meter::Window window_of(const RunTime& run, const Request& request, const std::string& file,
                        std::vector<std::string>& warnings) {
  meter::Window window = request.window;
  if (!known(window.begin_s)) window.begin_s = stated_begin_s(run);
  if (!known(window.end_s)) window.end_s = stated_end_s(run);
  if (!is_by_date(run, request)) return window;
  const double end_s = date_s(run.date) - date_offset_s(request);
  if (!known(end_s))
    throw Error::bad_input({file, 0, "date"},
                           "the end of the run is unknown; give its window with --begin and --end");
  if (!known(window.end_s)) window.end_s = end_s;
  if (!known(window.begin_s)) window.begin_s = window.end_s - run.duration_s;
  warnings.push_back(
      "\"date\" has a resolution of one second, so that the window of energy may be off by a second");
  return window;
}

void refuse_two_clocks(const meter::Trace& log, const meter::Window& window, const Request& request) {
  const bool one_flag = !known(request.date_utc_offset_s) && !known(request.log_utc_offset_s);
  if (!one_flag || request.utc_offset_s == 0) return;
  meter::Window in_utc = window;
  in_utc.begin_s += request.utc_offset_s;
  in_utc.end_s += request.utc_offset_s;
  if (!covers(log, in_utc)) return;
  const std::string hours = number_text(request.utc_offset_s / 3600);
  const std::string flags = fmt::format(
      "give an offset for each: --date-utc-offset-h (of \"date\") and --log-utc-offset-h {} (of the log)",
      hours);
  if (!covers(log, window))
    throw Error::bad_input(
        {request.energy_file, 0, {}},
        fmt::format("the log does not cover the run if its \"date\" is {} h ahead of UTC, but does if "
                    "it is in UTC; {}",
                    hours, flags));
  throw Error::bad_input(
      {request.energy_file, 0, {}},
      fmt::format("the log covers the run both if its \"date\" is {} h ahead of UTC, as the log is, "
                  "and if it is in UTC; {}",
                  hours, flags));
}

std::string other_zone_text(const meter::Trace& log, const meter::Window& window) {
  constexpr double kMuchMore = 2;
  const double here_w = mean_power_w(log, window);
  for (double away_s = 3600; away_s <= kEast_s; away_s += 3600) {
    for (const double shift_s : {-away_s, away_s}) {
      const meter::Window there{window.begin_s + shift_s, window.end_s + shift_s};
      if (!covers(log, there)) continue;
      const double there_w = mean_power_w(log, there);
      if (there_w > kMuchMore * here_w)
        return fmt::format(
            "the GPUs drew {} in the time of the run, but {} in the same time {} h {}; if the clocks of result and log are "
            "of different zones, give --date-utc-offset-h and --log-utc-offset-h",
            quantity_text(here_w, "W"), quantity_text(there_w, "W"), number_text(away_s / 3600),
            shift_s < 0 ? "earlier" : "later");
    }
  }
  return {};
}

void check_report(const GpuEnergy& report, const RunTime& run, const Request& request,
                  std::vector<std::string>& warnings) {
  const std::string& file = request.energy_file;
  if (known(request.window.begin_s) || known(request.window.end_s))
    throw Error::bad_input({file, 0, {}},
                           "--begin and --end are for logs and recordings; a report has one window");
  check_length(report, run, file);
  if (known(stated_end_s(run))) return check_stated_window(report, run, file);
  const double written_s = date_s(run.date), end_s = report.begin_s + report.duration_s;
  if (!known(written_s) || !known(end_s)) return;
  const double earliest_s = report.begin_s + kShortest * run.duration_s - kSlack_s;
  const double wanted_s = date_offset_s(request);
  const std::optional<double> offset_s =
      offset_that_explains(written_s, earliest_s, end_s + kSlack_s, wanted_s);
  if (!offset_s)
    throw Error::bad_input(
        {file, 0, {}},
        fmt::format("the report is from {} to {} UTC; by its date, {}, the run did not end then "
                    "in any time zone",
                    calendar_text(report.begin_s), calendar_text(end_s), run.date));
  if (*offset_s != wanted_s)
    warnings.push_back(
        fmt::format("{0}: the report contains the run if \"date\" is {1} h ahead of UTC; confirm with "
                    "--utc-offset-h {1}",
                    file, number_text(*offset_s / 3600)));
}

}  // namespace energylens::importers
