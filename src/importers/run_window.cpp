// SPDX-License-Identifier: Apache-2.0
// The date of a result has no zone. Zones differ from UTC by whole quarters of an hour, so that a report that
// is as long as the run contains it under hardly any of them unless it is of the run. Held by
// run_window_test.cpp.
#include "importers/run_window.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <optional>

#include "energylens/core/calendar_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/core/rounded_text.hpp"

namespace energylens::importers {
namespace {

/// A report may be shorter than the run by the rounding of either, and longer by what is a small error of its
/// energy.
constexpr double kShortest = 0.99, kLongest = 1.05;
/// Zones there are, s.
constexpr double kQuarter_s = 900, kWest_s = -12 * 3600, kEast_s = 14 * 3600;
/// That a result may be written after its run or clocks may differ, s.
constexpr double kSlack_s = 5;

/// Seconds since 1970 of "20260214-153825", taken as UTC; unknown if it is none.
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

/// The offset of local time under which `local_s` lies between two moments: the wanted one, else the nearest
/// to it.
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

void check_length(const GpuEnergy& report, const RunTime& run, const std::string& file) {
  const double share = report.duration_s / run.duration_s;
  if (share >= kShortest && share <= kLongest) return;
  const std::string lengths = "it covers " + quantity_text(report.duration_s, "s") + ", the run took " +
                              quantity_text(run.duration_s, "s") + ": ";
  if (share < kShortest) throw Error::bad_input({file, 0, {}}, lengths + "it is of something else");
  throw Error::bad_input(
      {file, 0, {}},
      lengths +
          "energy from outside of the run, such as the start of its command, is not the run's; "
          "give a log, or a recording (energylens meter --samples FILE), and the run's window by "
          "--begin and --end");
}

}  // namespace

meter::Window window_of(const RunTime& run, const Request& request, const std::string& file,
                        std::vector<std::string>& warnings) {
  meter::Window window = request.window;
  if (known(window.begin_s) && known(window.end_s)) return window;
  const double end_s = date_s(run.date) - request.utc_offset_s;
  if (!known(end_s))
    throw Error::bad_input({file, 0, "date"},
                           "it does not say when the run ended: name its window by --begin and --end");
  if (!known(window.end_s)) window.end_s = end_s;
  if (!known(window.begin_s)) window.begin_s = window.end_s - run.duration_s;
  warnings.push_back("\"date\" is known to the second: the window of energy may be a second off");
  return window;
}

void check_report(const GpuEnergy& report, const RunTime& run, const Request& request,
                  std::vector<std::string>& warnings) {
  const std::string& file = request.energy_file;
  if (known(request.window.begin_s) || known(request.window.end_s))
    throw Error::bad_input({file, 0, {}},
                           "a report has one window: --begin and --end are for logs and recordings");
  check_length(report, run, file);
  const double written_s = date_s(run.date), end_s = report.begin_s + report.duration_s;
  if (!known(written_s) || !known(end_s)) return;
  const double earliest_s = report.begin_s + kShortest * run.duration_s - kSlack_s;
  const std::optional<double> offset_s =
      offset_that_explains(written_s, earliest_s, end_s + kSlack_s, request.utc_offset_s);
  if (!offset_s)
    throw Error::bad_input({file, 0, {}}, "it is of " + calendar_text(report.begin_s) + " to " +
                                              calendar_text(end_s) + " UTC; by its date, " + run.date +
                                              ", the run did not end then in any time zone");
  if (*offset_s != request.utc_offset_s)
    warnings.push_back(file + ": the run is in it if \"date\" is in a zone of " +
                       number_text(*offset_s / 3600) + " h from UTC: say so by --utc-offset-h");
}

}  // namespace energylens::importers
