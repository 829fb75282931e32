// SPDX-License-Identifier: Apache-2.0
// A machine is warm when two jobs in a row take the same time (compiled kernels, filled pools, clocks) and
// its temperature has stopped to change (leakage, fans): the second takes minutes where the first takes
// seconds, so each has a limit of its own. Each measurement begins anew, since the one before may have drawn
// another power. Temperatures are read beside the jobs, which may be long. Held by loop_test.cpp.
#include <algorithm>
#include <cmath>
#include <optional>

#include "campaign/measurement/attempt.hpp"
#include "campaign/measurement/thermometer.hpp"
#include "energylens/core/rounded_text.hpp"

namespace energylens::campaign {
namespace {

constexpr double kSettledWithin = 0.02;
/// Readings of the temperature over the stretch that its slope is taken over, at least one in half a second.
constexpr double kReadings = 10, kLongestPeriod_s = 0.5;

/// Whether the machine has settled, after each job.
class Settling {
 public:
  explicit Settling(Attempt& attempt)
      : attempt_(attempt), settings_(attempt.settings()), begin_s_(meter::steady_now_s()) {
    if (settings_.settle_s <= 0 || settings_.settle_slope <= 0) return;
    watch_.emplace(attempt.meters(), attempt.selection.tracks,
                   std::min(kLongestPeriod_s, settings_.settle_over_s / kReadings));
  }

  double last_s() const { return last_s_; }
  void take(double job_s) {
    ++jobs_;
    even_ = std::abs(job_s / last_s_ - 1) <= kSettledWithin;
    last_s_ = job_s;
    if (!watch_) return;
    const Thermometer thermometer = watch_->thermometer();
    celsius_ = thermometer.last_c();
    slope_ = thermometer.slope_c_per_min(settings_.settle_over_s);
  }
  bool over() const {
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
                                           : std::string("was not watched long enough");
    attempt_.warn("the temperature " + what + " when the warm-up ended, after " +
                  quantity_text(passed_s(), "s"));
  }

 private:
  double passed_s() const { return meter::steady_now_s() - begin_s_; }
  /// Nothing is waited for where no temperature is known.
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
  const bool settles = attempt.settings().settle_s > 0;
  if (settles) least = std::max(least, 2);
  Settling settling(attempt);
  for (int i = 0; attempt.valid() && (i < least || (settles && !settling.over())); ++i)
    settling.take(attempt.run_job(osl).seconds());
  settling.describe();
  return settling.last_s();
}

}  // namespace energylens::campaign
