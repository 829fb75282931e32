// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "campaign/plan.hpp"

namespace energylens::campaign {

/// A setting that has changed since the campaign started.
struct PlanChange {
  std::string setting;
  io::Json from, to;
};

/// The settings that differ between the plan of a campaign, read from `file`, and the plan to resume it with.
/// Throws Error (usage) that names the first difference that is not allowed: rows of one folder are of one
/// plan.
std::vector<PlanChange> changes_on_resume(const Plan& before, const Plan& now, const std::string& file);

}  // namespace energylens::campaign
