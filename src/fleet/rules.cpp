// SPDX-License-Identifier: Apache-2.0
// What is done without a plan. Each rule keeps the limits and the numbers of GPUs, and pays by the same offers. Held by
// plan_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "fleet/fleet.hpp"
#include "fleet/hour.hpp"
#include "numerics/dense.hpp"

namespace energylens::fleet {
namespace {

/// Plans every hour with the offers that `use` keeps.
template <class Use>
Plan with_offers(const Fleet& fleet, const std::vector<Offer>& offers, Objective objective,
                 const RunOptions& run, const Use& use) {
  std::vector<Offer> kept;
  std::vector<std::size_t> index;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    if (!use(offers[i])) continue;
    kept.push_back(offers[i]);
    index.push_back(i);
  }
  Plan plan = best_plan(fleet, kept, objective, run);
  for (HourPlan& hour : plan.hours) {
    for (Assignment& one : hour.assignments) one.offer = index[one.offer];
  }
  return plan;
}

/// The replicas that the sum of each class's own busiest hour needs, in every hour. Each class shares its rate among its
/// replicas in proportion to what they can serve.
Plan static_peak(const Fleet& fleet, const std::vector<Offer>& offers, Objective objective) {
  HourQuestion peak{{}, fleet.prices_at(0), objective};
  for (const RequestClass& one : fleet.classes)
    peak.rate_rps.push_back(*std::ranges::max_element(one.rate_rps));
  const HourPlan busiest = plan_hour(fleet, offers, peak);
  std::vector<HourPlan> hours(fleet.hours(), busiest);
  for (std::size_t hour = 0; hour < fleet.hours(); ++hour) {
    const std::vector<double> demand = demand_at(fleet, hour);
    const auto served_at_peak = [&](std::size_t c) { return peak.rate_rps[c] - busiest.unmet_rps[c]; };
    for (Assignment& one : hours[hour].assignments) {
      const std::size_t c = offers[one.offer].request_class;
      one.rate_rps *= std::min(demand[c], served_at_peak(c)) / served_at_peak(c);
    }
    for (std::size_t c = 0; c < demand.size(); ++c)
      hours[hour].unmet_rps[c] = std::max(0.0, demand[c] - served_at_peak(c));
  }
  return paid(fleet, offers, std::move(hours));
}

/// Energy of a request on a full replica, J.
double request_energy(const Offer& offer) {
  return offer.points.back().power_w / offer.most_rps();
}

/// The offer of a pool to a class that needs the least energy per request when it is full; none if it has none.
std::optional<std::size_t> leanest(const std::vector<Offer>& offers, std::size_t pool,
                                   std::size_t request_class) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    if (offers[i].pool != pool || offers[i].request_class != request_class) continue;
    if (!best || request_energy(offers[i]) < request_energy(offers[*best])) best = i;
  }
  return best;
}

/// e = a isl + b osl + c isl osl, fitted to the leanest offers of a pool.
class Bilinear {
 public:
  Bilinear(const Fleet& fleet, const std::vector<Offer>& offers, std::size_t pool) {
    std::array<std::vector<double>, 3> columns;
    std::vector<double> energies;
    for (std::size_t c = 0; c < fleet.classes.size(); ++c) {
      const std::optional<std::size_t> offer = leanest(offers, pool, c);
      if (!offer) continue;
      const std::array<double, 3> row = terms(fleet.classes[c].request);
      for (std::size_t i = 0; i < row.size(); ++i) columns[i].push_back(row[i]);
      energies.push_back(request_energy(offers[*offer]));
    }
    std::vector<double> a;
    for (const std::vector<double>& column : columns) a.insert(a.end(), column.begin(), column.end());
    if (!energies.empty())
      numbers_ = numerics::linear_least_squares(a, energies.size(), columns.size(), energies);
  }

  double energy_j(const table::Load& request) const {
    const std::array<double, 3> x = terms(request);
    double sum = 0;
    for (std::size_t i = 0; i < numbers_.size(); ++i) sum += numbers_[i] * x[i];
    return numbers_.empty() ? std::numeric_limits<double>::infinity() : sum;
  }

 private:
  static std::array<double, 3> terms(const table::Load& request) {
    const double isl = request.isl_or(0);
    return {isl, request.osl, isl * request.osl};
  }
  std::vector<double> numbers_;
};

/// Each class goes, hour by hour, to the pool whose bilinear model names the least energy per request while it has GPUs,
/// then to the next; the layout is the leanest one.
Plan bilinear_routing(const Fleet& fleet, const std::vector<Offer>& offers) {
  std::vector<Bilinear> models;
  for (std::size_t p = 0; p < fleet.pools.size(); ++p) models.emplace_back(fleet, offers, p);
  std::vector<HourPlan> hours(fleet.hours());
  for (std::size_t hour = 0; hour < fleet.hours(); ++hour) {
    std::vector<int> left;
    for (const Pool& pool : fleet.pools) left.push_back(pool.gpus);
    hours[hour].unmet_rps = demand_at(fleet, hour);
    for (std::size_t c = 0; c < fleet.classes.size(); ++c) {
      std::vector<std::size_t> order;
      for (std::size_t p = 0; p < fleet.pools.size(); ++p) order.push_back(p);
      std::ranges::stable_sort(order, {},
                               [&](std::size_t p) { return models[p].energy_j(fleet.classes[c].request); });
      double& unmet = hours[hour].unmet_rps[c];
      for (const std::size_t p : order) {
        const std::optional<std::size_t> offer = leanest(offers, p, c);
        if (!offer || unmet <= 0) continue;
        const int gpus = offers[*offer].layout.gpus();
        const int needed = static_cast<int>(std::ceil(unmet / offers[*offer].most_rps() - 1e-9));
        const int replicas = std::min(needed, left[p] / gpus);
        if (replicas == 0) continue;
        const double rate = std::min(unmet, replicas * offers[*offer].most_rps());
        hours[hour].assignments.push_back({*offer, replicas, rate});
        left[p] -= replicas * gpus;
        unmet -= rate;
      }
    }
  }
  return paid(fleet, offers, std::move(hours));
}

}  // namespace

std::vector<Rule> rules(const Fleet& fleet, const std::vector<Offer>& offers, Objective objective,
                        const RunOptions& run) {
  std::vector<Rule> out;
  for (std::size_t p = 0; p < fleet.pools.size() && fleet.pools.size() > 1; ++p) {
    out.push_back(
        {"only " + fleet.pools[p].name, "all classes on this pool, planned hour by hour",
         with_offers(fleet, offers, objective, run, [&](const Offer& one) { return one.pool == p; })});
  }
  out.push_back(
      {"static peak", "the replicas of the busiest hours, all day", static_peak(fleet, offers, objective)});
  out.push_back({"bilinear routing", "each class to the pool of least energy per request by a bilinear model",
                 bilinear_routing(fleet, offers)});
  return out;
}

}  // namespace energylens::fleet
