// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/table/table.hpp"
#include "table/mistakes.hpp"

namespace energylens::table {

/// Refuses rows whose cells are each in range but contradict each other: inconsistent layouts, more cached or image
/// tokens than input tokens, powers per GPU that indicate a wrong unit, and results that contradict each other by
/// definition (definitions.hpp has those of tokens). `sound`, by row: the others are not checked. Adds the first
/// contradiction of each row.
void check_rows(const Table& table, const std::vector<bool>& sound, Mistakes& mistakes);

}  // namespace energylens::table
