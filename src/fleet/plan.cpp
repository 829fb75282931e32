// SPDX-License-Identifier: Apache-2.0
// Hours are independent of each other: a replica starts and stops between two of them at no cost. In one hour, an offer
// has a whole number of replicas between each of its points and the next, and weights of the two that add up to that
// number, so that the power is linear in the unknowns though the curve may bend either way.
// Held by plan_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "energylens/core/error.hpp"
#include "fleet/fleet.hpp"
#include "fleet/hour.hpp"
#include "fleet/milp.hpp"

namespace energylens::fleet {
namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kGap = 1e-3;  // between the plan and the best one, relative
constexpr double kUnmetFactor =
    1e3;  // what a request that nothing serves costs, over the dearest one that is served
constexpr double kNearlyWhole = 1e-6;
constexpr double kLeastUnmet = 1e-6;  // of the demand; below are rounding errors

double objective_of(const cost::Bill& bill, Objective objective) {
  if (objective == Objective::cost) return bill.cost;
  return objective == Objective::carbon ? bill.carbon_g : bill.energy_kwh;
}

/// What a replica of an offer at one of its points needs in an hour.
double hourly(const Offer& offer, const Point& point, const cost::Prices& prices, Objective objective) {
  const double joules = point.power_w * kSecondsPerHour;
  return objective_of(cost::bill({joules, joules, joules, offer.layout.gpus() * kSecondsPerHour}, prices),
                      objective);
}

void require_prices(const Fleet& fleet, Objective objective) {
  for (std::size_t hour = 0; hour < fleet.hours(); ++hour) {
    const cost::Prices prices = fleet.prices_at(hour);
    if (objective == Objective::cost && !known(prices.per_kwh) && !known(prices.per_gpu_hour))
      throw Error::usage("minimising cost requires a price: price_per_kwh or gpu_hour");
    if (objective == Objective::carbon && !known(prices.carbon_g_per_kwh))
      throw Error::usage("minimising carbon requires carbon_g_per_kwh");
  }
}

/// The programme of one hour.
class HourProgram {
 public:
  HourProgram(const Fleet& fleet, const std::vector<Offer>& offers, const HourQuestion& question)
      : offers_(offers) {
    double dearest = 1;
    std::vector<std::size_t> pool_rows, class_rows;
    for (const Pool& pool : fleet.pools)
      pool_rows.push_back(program_.add_row(IntegerProgram::Sense::at_most, pool.gpus));
    for (std::size_t c = 0; c < fleet.classes.size(); ++c)
      class_rows.push_back(program_.add_row(IntegerProgram::Sense::equal, question.rate_rps[c]));
    for (std::size_t i = 0; i < offers.size(); ++i) {
      for (std::size_t p = 0; p + 1 < offers[i].points.size(); ++p) {
        const Point& high = offers[i].points[p + 1];
        Segment segment{i, p, program_.add_variable(0, true), {}};
        const std::size_t sum = program_.add_row(IntegerProgram::Sense::equal, 0);
        program_.add(sum, segment.replicas, -1);
        program_.add(pool_rows[offers[i].pool], segment.replicas, offers[i].layout.gpus());
        for (const std::size_t end : {0u, 1u}) {
          const Point& point = offers[i].points[p + end];
          const double cost = hourly(offers[i], point, question.prices, question.objective);
          segment.weights[end] = program_.add_variable(cost, false);
          program_.add(sum, segment.weights[end], 1);
          program_.add(class_rows[offers[i].request_class], segment.weights[end], point.rate_rps);
        }
        dearest =
            std::max(dearest, hourly(offers[i], high, question.prices, question.objective) / high.rate_rps);
        segments_.push_back(segment);
      }
    }
    for (const std::size_t row : class_rows) {
      unmet_.push_back(program_.add_variable(kUnmetFactor * dearest, false));
      program_.add(row, unmet_.back(), 1);
    }
  }

  HourPlan solve() const {
    const std::vector<double> values = program_.solve(kGap);
    HourPlan plan;
    for (const Segment& one : segments_) {
      const int replicas = static_cast<int>(std::lround(values[one.replicas]));
      const std::vector<Point>& points = offers_[one.offer].points;
      double rate = 0;
      for (const std::size_t end : {0u, 1u})
        rate += values[one.weights[end]] * points[one.point + end].rate_rps;
      if (replicas > 0 && rate > kNearlyWhole * points.back().rate_rps)
        plan.assignments.push_back({one.offer, replicas, rate});
    }
    for (const std::size_t variable : unmet_) plan.unmet_rps.push_back(values[variable]);
    return plan;
  }

 private:
  /// Replicas of an offer whose rate lies between one of its points and the next.
  struct Segment {
    std::size_t offer, point;
    std::size_t replicas;
    std::array<std::size_t, 2> weights;  ///< of the two points, which add up to the replicas
  };

  const std::vector<Offer>& offers_;
  IntegerProgram program_;
  std::vector<Segment> segments_;
  std::vector<std::size_t> unmet_;
};

}  // namespace

std::vector<double> demand_at(const Fleet& fleet, std::size_t hour) {
  std::vector<double> rates;
  for (const RequestClass& one : fleet.classes) rates.push_back(one.rate_rps[hour]);
  return rates;
}

HourPlan plan_hour(const Fleet& fleet, const std::vector<Offer>& offers, const HourQuestion& question) {
  HourPlan plan = HourProgram(fleet, offers, question).solve();
  for (std::size_t c = 0; c < plan.unmet_rps.size(); ++c) {
    if (plan.unmet_rps[c] <= kLeastUnmet * question.rate_rps[c]) plan.unmet_rps[c] = 0;
  }
  return plan;
}

Plan paid(const Fleet& fleet, const std::vector<Offer>& offers, std::vector<HourPlan> hours) {
  Plan plan;
  plan.hours = std::move(hours);
  for (std::size_t hour = 0; hour < plan.hours.size(); ++hour) {
    double power_w = 0, gpus = 0;
    for (const Assignment& one : plan.hours[hour].assignments) {
      power_w += one.replicas * offers[one.offer].power_w(one.rate_rps / one.replicas);
      gpus += one.replicas * offers[one.offer].layout.gpus();
    }
    const double joules = power_w * kSecondsPerHour;
    plan.bills.push_back(cost::bill({joules, joules, joules, gpus * kSecondsPerHour}, fleet.prices_at(hour)));
    plan.gpus.push_back(gpus);
    for (const double unmet : plan.hours[hour].unmet_rps) plan.unmet_requests += unmet * kSecondsPerHour;
  }
  plan.bill = cost::total(plan.bills);
  return plan;
}

Plan best_plan(const Fleet& fleet, const std::vector<Offer>& offers, Objective objective,
               const RunOptions& run) {
  require_prices(fleet, objective);
  std::vector<HourPlan> hours(fleet.hours());
  const std::size_t done = parallel_for(fleet.hours(), run, [&](std::size_t hour) {
    hours[hour] = plan_hour(fleet, offers, {demand_at(fleet, hour), fleet.prices_at(hour), objective});
  });
  if (done < fleet.hours()) throw Error(ErrorCode::cancelled, {}, "interrupted");
  return paid(fleet, offers, std::move(hours));
}

}  // namespace energylens::fleet
