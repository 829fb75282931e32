// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cost/cost.hpp"
#include "energylens/choose/choose.hpp"

namespace energylens::fleet {

/// GPUs of one kind, and the model that predicts what they need.
struct Pool {
  std::string name;
  std::shared_ptr<const predictor::Predictor> predictor;
  std::size_t group = 0;
  predictor::Facts facts;
  int gpus = 0;
  std::vector<table::Layout> layouts;  ///< of one replica; empty: all that are feasible
  std::vector<double> power_limits_w;  ///< each tried with every layout; empty: that of the rows
  powercap::Curve power_curve;
};

/// Requests that are alike, with their demand and their limits.
struct RequestClass {
  std::string name;
  table::Load request;           ///< isl, osl and the like
  std::vector<double> rate_rps;  ///< by hour
  choose::Limits limits;
  std::vector<std::string> pools;  ///< that may serve them; empty: all
};

/// What is to be planned. All lists by hour have the same length.
struct Fleet {
  std::vector<Pool> pools;
  std::vector<RequestClass> classes;
  cost::Prices prices;                   ///< without the two that follow
  std::vector<double> price_per_kwh;     ///< by hour; unknown: none
  std::vector<double> carbon_g_per_kwh;  ///< by hour; unknown: none
  double utilisation = 0.8;  ///< largest share of the rate at which a replica breaks a limit or saturates

  std::size_t hours() const { return price_per_kwh.size(); }
  cost::Prices prices_at(std::size_t hour) const;
};

/// What is to be least.
enum class Objective { energy, cost, carbon };

/// Power of the GPUs of one replica at a rate of requests.
struct Point {
  double rate_rps = 0, power_w = 0;
};

/// A replica of one layout at one power limit that serves requests of one class. `points` by rate, from 0 to the most
/// that it may be given.
struct Offer {
  std::size_t pool = 0, request_class = 0;
  table::Layout layout;
  double power_limit_w = kUnknown;
  std::vector<Point> points;

  double most_rps() const { return points.back().rate_rps; }
  double power_w(double rate_rps) const;  ///< linear between points
};

/// Every offer of every pool to every class that it may serve.
std::vector<Offer> offers(const Fleet& fleet, const RunOptions& run);

/// So many replicas of an offer in one hour, which share their rate equally. An offer may have several assignments.
struct Assignment {
  std::size_t offer = 0;
  int replicas = 0;
  double rate_rps = 0;  ///< of all together
};

/// One hour: what runs, and the rate of each class that nothing serves.
struct HourPlan {
  std::vector<Assignment> assignments;
  std::vector<double> unmet_rps;
};

/// A plan of all hours, and what it needs.
struct Plan {
  std::vector<HourPlan> hours;
  cost::Bill bill;                ///< of all hours
  std::vector<cost::Bill> bills;  ///< by hour
  std::vector<double> gpus;       ///< in use, by hour
  double unmet_requests = 0;

  bool complete() const { return unmet_requests <= 0; }
};

/// The plan that needs least, hour by hour: a mixed integer programme that CBC solves. Throws Error (usage) where the
/// objective has no price, (io) without CBC.
Plan best_plan(const Fleet& fleet, const std::vector<Offer>& offers, Objective objective,
               const RunOptions& run);

/// A rule to compare with.
struct Rule {
  std::string name, sentence;
  Plan plan;
};

/// Each pool alone; the replicas of the busiest hour all day; routing by a bilinear model of the energy of a request in
/// its lengths (Wilkins, Keshav and Mortier, arXiv 2407.04014).
std::vector<Rule> rules(const Fleet& fleet, const std::vector<Offer>& offers, Objective objective,
                        const RunOptions& run);

}  // namespace energylens::fleet
