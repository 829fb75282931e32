// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "fleet/fleet.hpp"

namespace energylens::fleet {

/// What one hour asks: the rate of each class, the prices, and what is to be least.
struct HourQuestion {
  std::vector<double> rate_rps;
  cost::Prices prices;
  Objective objective = Objective::energy;
};

/// The rate of each class in an hour.
std::vector<double> demand_at(const Fleet& fleet, std::size_t hour);

/// The plan of one hour that needs least. What the GPUs cannot serve is left unmet.
HourPlan plan_hour(const Fleet& fleet, const std::vector<Offer>& offers, const HourQuestion& question);

/// What given hours cost.
Plan paid(const Fleet& fleet, const std::vector<Offer>& offers, std::vector<HourPlan> hours);

}  // namespace energylens::fleet
