// SPDX-License-Identifier: Apache-2.0
// A machine is warm when two jobs in a row take the same time (compiled kernels, filled pools, clocks) and
// its temperature has stopped to change (leakage, fans): the second takes minutes where the first takes
// seconds, so each has a limit of its own. Temperatures of the measurements before count, so that only the
// first one of a server waits long. Held by loop_test.cpp.
#include <algorithm>
#include <cmath>

#include "campaign/attempt.hpp"
#include "energylens/core/rounded_text.hpp"

namespace energylens::campaign {
namespace {

constexpr double kSettledWithin = 0.02;

/// Whether the machine has settled, after each job.
class Settling {
 public:
  explicit Settling(Attempt& attempt)
      : attempt_(attempt), settings_(attempt.settings()), begin_s_(meter::steady_now_s()) {}

  double last_s() const { return last_s_; }
  void take(double job_s) {
    ++jobs_;
    even_ = std::abs(job_s / last_s_ - 1) <= kSettledWithin;
    last_s_ = job_s;
    if (settings_.settle_slope <= 0 || settings_.settle_s <= 0) return;
    Thermometer& thermometer = attempt_.read_temperature();
    celsius_ = thermometer.last_c();
    slope_ = thermometer.slope_c_per_min(settings_.settle_over_s);
  }
  bool over() const {
    const double passed_s = meter::steady_now_s() - begin_s_;
    return (even_ || passed_s >= settings_.settle_s) && (still() || passed_s >= settings_.settle_limit_s);
  }

  void describe() const {
    attempt_.record.details["warm_up"] =
        wire::Json::object({{"jobs", jobs_},
                            {"seconds", meter::steady_now_s() - begin_s_},
                            {"even", even_},
                            {"temperature_c", celsius_},
                            {"slope_c_per_min", slope_},
                            {"still", known(celsius_) ? wire::Json(still()) : wire::Json()}});
    if (still() || settings_.settle_s <= 0) return;
    attempt_.warn("the temperature " +
                  (known(slope_) ? "changed by " + rounded_text(slope_) + " degrees per minute"
                                 : "was not watched long enough") +
                  " when the warm-up ended, after " + rounded_text(meter::steady_now_s() - begin_s_) + " s");
  }

 private:
  /// Nothing is waited for where no temperature is known.
  bool still() const { return !known(celsius_) || std::abs(slope_) < settings_.settle_slope; }

  Attempt& attempt_;
  const Settings& settings_;
  double begin_s_, last_s_ = kUnknown, celsius_ = kUnknown, slope_ = kUnknown;
  int jobs_ = 0;
  bool even_ = false;
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
