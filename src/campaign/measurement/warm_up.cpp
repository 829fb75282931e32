// SPDX-License-Identifier: Apache-2.0
// A machine is stable when two consecutive jobs take the same time (compiled kernels, filled pools, clocks) and
// its temperature no longer changes (leakage, fans): the second takes minutes where the first takes seconds,
// so each has a limit of its own. Every measurement warms up again, since the one before may have drawn a
// different power. Temperatures are read while jobs run, which may be long. Held by warm_up_test.cpp.
#include <algorithm>
#include <cmath>
#include <optional>

#include "campaign/measurement/attempt.hpp"
#include "campaign/measurement/thermometer.hpp"
#include "core/rounded_text.hpp"

namespace energylens::campaign {
namespace {

constexpr double kSameTimeWithin = 0.02;
/// Temperature readings in the span that its slope is taken over, at least one in half a second.
constexpr double kReadings = 10, kLongestPeriod_s = 0.5;

/// Decides after each job whether the machine is stable.
class Stability {
 public:
  explicit Stability(Attempt& attempt)
      : attempt_(attempt), settings_(attempt.settings()), begin_s_(attempt.clock().steady_now_s()) {
    if (settings_.settle_s <= 0 || settings_.settle_slope <= 0) return;
    watch_.emplace(attempt.meters(), attempt.selection.tracks,
                   std::min(kLongestPeriod_s, settings_.settle_over_s / kReadings), attempt.clock());
  }

  double last_s() const { return last_s_; }
  void take(double job_s) {
    ++jobs_;
    even_ = std::abs(job_s / last_s_ - 1) <= kSameTimeWithin;
    last_s_ = job_s;
    if (!watch_) return;
    const Thermometer thermometer = watch_->thermometer();
    celsius_ = thermometer.last_c();
    slope_ = thermometer.slope_c_per_min(settings_.settle_over_s);
  }
  /// Or given up, at its limits.
  bool reached() const {
    return (even_ || passed_s() >= settings_.settle_s) && (still() || passed_s() >= settings_.settle_limit_s);
  }

  void describe() const {
    attempt_.record.details["warm_up"] =
        io::Json::object({{"jobs", jobs_},
                          {"seconds", passed_s()},
                          {"even", even_},
                          {"temperature_c", celsius_},
                          {"slope_c_per_min", slope_},
                          {"still", known(celsius_) ? io::Json(still()) : io::Json()}});
    if (still()) return;
    const std::string what = known(slope_) ? "changed by " + rounded_text(slope_) + " degrees per minute"
                                           : std::string("was not observed for long enough");
    attempt_.warn("the temperature " + what + " when the warm-up ended, after " +
                  quantity_text(passed_s(), "s"));
  }

 private:
  double passed_s() const { return attempt_.clock().steady_now_s() - begin_s_; }
  /// True where no temperature is known.
  bool still() const { return !known(celsius_) || std::abs(slope_) < settings_.settle_slope; }

  Attempt& attempt_;
  const Settings& settings_;
  double begin_s_, last_s_ = kUnknown, celsius_ = kUnknown, slope_ = kUnknown;
  int jobs_ = 0;
  bool even_ = false;
  std::optional<TemperatureWatch> watch_;
};

}  // namespace

double warm_up(Attempt& attempt, int osl, int least) {
  const bool stabilises = attempt.settings().settle_s > 0;
  if (stabilises) least = std::max(least, 2);
  Stability stability(attempt);
  for (int i = 0; attempt.valid() && (i < least || (stabilises && !stability.reached())); ++i)
    stability.take(attempt.run_job(osl).seconds());
  stability.describe();
  return stability.last_s();
}

}  // namespace energylens::campaign
