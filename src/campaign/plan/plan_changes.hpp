// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/campaign/plan.hpp"

namespace energylens::campaign {

/// A setting that is another one than when the campaign began.
struct PlanChange {
  std::string setting;
  io::Json from, to;
};

/// The settings that differ between the plan of a campaign, which stands in `file`, and the one it is to go
/// on with. Throws Error (usage) that names the first thing that differs and may not: rows of one folder are
/// of one plan.
std::vector<PlanChange> changes_on_resume(const Plan& before, const Plan& now, const std::string& file);

}  // namespace energylens::campaign
