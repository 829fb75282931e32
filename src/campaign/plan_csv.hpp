// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/campaign/plan.hpp"

namespace energylens::campaign {

/// A plan from a table: each row is a configuration, whatever its results say; the ways to measure are the
/// defaults. Throws Error (bad input) with the place.
Plan parse_csv_plan(std::string_view text, const std::string& file);

}  // namespace energylens::campaign
