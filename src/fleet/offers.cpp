// SPDX-License-Identifier: Apache-2.0
// What one replica can do: the rate at which it breaks a limit or saturates is closed in on, and its power is asked at a
// few rates below. Held by plan_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "energylens/core/error.hpp"
#include "fleet/fleet.hpp"
#include "predictor/waves.hpp"

namespace energylens::fleet {
namespace {

constexpr std::array kShares = {0.05, 0.15, 0.3, 0.5, 0.75, 1.0};
constexpr double kLeastRate = 1e-4, kMostRate = 1e6;  // requests/s of one replica
constexpr double kPrecision = 0.01;                   // of the largest rate
constexpr int kMostGpus = 16;                         // of one replica

/// One layout at one power limit, asked at any rate.
class Replica {
 public:
  Replica(const Pool& pool, const RequestClass& requests, const table::Layout& layout, double power_limit_w)
      : pool_(pool) {
    question_.group = pool.group;
    question_.request = requests.request;
    question_.arrival = choose::Arrival::rate;
    question_.total_gpus = layout.gpus();
    question_.layouts.only = {layout};
    question_.limits = requests.limits;
    question_.draws = 1;
    if (!known(power_limit_w)) return;
    question_.power_limits_w = {power_limit_w};
    question_.power_curve = pool.power_curve;
  }

  /// Power at this rate; none if the replica cannot serve it within the limits.
  std::optional<double> power_w(double rate_rps) const {
    choose::Question question = question_;
    question.amount = rate_rps;
    const choose::Choice choice = choose::rank(*pool_.predictor, pool_.facts, question);
    if (choice.accepted == 0) return std::nullopt;
    return choice.configurations.front().prediction.avg_power_w.value;
  }

  /// The largest rate within the limits; 0 if there is none.
  double most_rps() const {
    if (!power_w(kLeastRate)) return 0;
    double low = kLeastRate, high = 1;
    while (high < kMostRate && power_w(high)) low = std::exchange(high, high * 4);
    while (high / low > 1 + kPrecision) {
      const double middle = std::sqrt(low * high);
      (power_w(middle) ? low : high) = middle;
    }
    return low;
  }

 private:
  const Pool& pool_;
  choose::Question question_;
};

/// Layouts of one replica that serve a request of the class within its limits when they have nothing else to do.
std::vector<table::Layout> layouts_of(const Pool& pool, const RequestClass& requests) {
  choose::Question question;
  question.group = pool.group;
  question.request = requests.request;
  question.arrival = choose::Arrival::rate;
  question.amount = kLeastRate;
  question.total_gpus = std::min(pool.gpus, kMostGpus);
  question.layouts.only = pool.layouts;
  question.limits = requests.limits;
  question.draws = 1;
  const choose::Choice choice = choose::rank(*pool.predictor, pool.facts, question);
  std::vector<table::Layout> out;
  for (std::size_t i = 0; i < choice.accepted; ++i) {
    if (predictor::replicas(choice.configurations[i].layout) == 1)
      out.push_back(choice.configurations[i].layout);
  }
  return out;
}

std::vector<Point> points_of(const Pool& pool, const Replica& replica, const table::Layout& layout,
                             double utilisation) {
  const double most = utilisation * replica.most_rps();
  if (!(most > 0)) return {};
  std::vector<Point> points = {{0, pool.facts.gpu_idle_w * layout.gpus()}};
  for (const double share : kShares) {
    if (const std::optional<double> power = replica.power_w(share * most))
      points.push_back({share * most, *power});
  }
  return points;
}

bool may_serve(const Pool& pool, const RequestClass& requests) {
  return requests.pools.empty() || std::ranges::find(requests.pools, pool.name) != requests.pools.end();
}

}  // namespace

cost::Prices Fleet::prices_at(std::size_t hour) const {
  cost::Prices at = prices;
  at.per_kwh = price_per_kwh[hour];
  at.carbon_g_per_kwh = carbon_g_per_kwh[hour];
  return at;
}

double Offer::power_w(double rate_rps) const {
  const auto above =
      std::ranges::find_if(points, [&](const Point& point) { return point.rate_rps >= rate_rps; });
  if (above == points.begin()) return points.front().power_w;
  const Point high = above == points.end() ? points.back() : *above;
  const Point low = *(above - 1);
  const double span = high.rate_rps - low.rate_rps;
  return span > 0 ? low.power_w + (high.power_w - low.power_w) * (rate_rps - low.rate_rps) / span
                  : high.power_w;
}

std::vector<Offer> offers(const Fleet& fleet, const RunOptions& run) {
  std::vector<Offer> all;
  for (std::size_t p = 0; p < fleet.pools.size(); ++p) {
    const Pool& pool = fleet.pools[p];
    if (!known(pool.facts.gpu_idle_w))
      throw Error::usage("the idle power of the GPUs of pool \"" + pool.name +
                         "\" is unknown; specify gpu_idle_w");
    for (std::size_t c = 0; c < fleet.classes.size(); ++c) {
      if (!may_serve(pool, fleet.classes[c])) continue;
      for (const table::Layout& layout : layouts_of(pool, fleet.classes[c])) {
        std::vector<double> limits = pool.power_limits_w;
        if (limits.empty()) limits.push_back(kUnknown);
        for (const double limit : limits) all.push_back({p, c, layout, limit, {}});
      }
    }
  }
  parallel_for(all.size(), run, [&](std::size_t i) {
    const Pool& pool = fleet.pools[all[i].pool];
    const Replica replica(pool, fleet.classes[all[i].request_class], all[i].layout, all[i].power_limit_w);
    all[i].points = points_of(pool, replica, all[i].layout, fleet.utilisation);
  });
  std::erase_if(all, [](const Offer& offer) { return offer.points.empty(); });
  return all;
}

}  // namespace energylens::fleet
