// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "campaign/plan/plan_changes.hpp"

namespace energylens::campaign {

/// Throws Error (usage) for a folder that has files of the names that a campaign writes, but not `marker`, which every
/// campaign of this kind has: they are somebody's own.
void refuse_foreign_folder(const std::string& folder, const char* marker);

/// The identity of a folder on this machine: a copy of it has another one.
std::string identity_of(const std::string& folder);

/// Creates a campaign's folder and the folders inside. Throws Error (io).
void make_folder(const std::string& folder);

/// Writes the plan into the folder, with a new id. If the folder holds a plan that this one may continue, takes
/// its id and returns what changed. Throws Error (usage) if the folder holds another plan, and then `plan.id`
/// is that plan's; or if it holds any plan and `resume` is false, and then `plan.id` is empty.
std::vector<PlanChange> resolve_plan(Plan& plan, const std::string& folder, bool resume);

}  // namespace energylens::campaign
