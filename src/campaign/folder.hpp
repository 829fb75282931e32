// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/campaign/plan.hpp"

namespace energylens::campaign {

inline constexpr const char* kTasksFile = "tasks.json";

/// Makes a campaign's folder and those in it. Throws Error (io).
void make_folder(const std::string& folder);

/// Writes the plan into the folder, with an id; or, if the folder holds the same plan already, takes its id
/// over. Throws Error (usage) if it holds another plan, or any without `resume`.
void settle_plan(Plan& plan, const std::string& folder, bool resume);

}  // namespace energylens::campaign
