// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "campaign/plan.hpp"

namespace energylens::campaign {

/// What a configuration may ask for at most.
inline constexpr double kMostRequests = 4096, kMostTokens = 1e7;

/// Whether a text holds no control character.
bool is_one_line(std::string_view text);

/// A plan from a table: each row is a configuration, whatever its results are; the ways to measure are the
/// defaults. Throws Error (bad input) with the place.
Plan parse_csv_plan(std::string_view text, const std::string& file);

}  // namespace energylens::campaign
