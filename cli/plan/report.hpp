// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"
#include "fleet/fleet.hpp"

namespace energylens::cli {

/// A plan, and what it is compared with.
struct PlanReport {
  const fleet::Fleet& fleet;
  const std::vector<fleet::Offer>& offers;
  const fleet::Plan& plan;
  const std::vector<fleet::Rule>& rules;
};

std::string plan_text(const PlanReport& report);
io::Json plan_json(const PlanReport& report);
/// One row per hour and assignment.
io::Json plan_rows(const PlanReport& report);
/// What is missing where demand is above capacity, a sentence per class; empty if the plan is complete.
std::vector<std::string> missing_texts(const PlanReport& report);

}  // namespace energylens::cli
