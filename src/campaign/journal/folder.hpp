// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "campaign/plan/plan_changes.hpp"

namespace energylens::campaign {

inline constexpr const char* kTasksFile = "tasks.json";

/// Makes a campaign's folder and those in it. Throws Error (io).
void make_folder(const std::string& folder);

/// Writes the plan into the folder, with an id; or, if the folder holds a plan that this one may go on with,
/// takes its id over and tells what changed. Throws Error (usage) if it holds another plan, `plan.id` being
/// that one's; or any without `resume`, `plan.id` being empty.
std::vector<PlanChange> settle_plan(Plan& plan, const std::string& folder, bool resume);

}  // namespace energylens::campaign
