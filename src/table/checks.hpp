// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/table/table.hpp"

namespace energylens::table {

/// Refuses rows whose cells are each in range but contradict each other: inconsistent layouts, more cached or image
/// tokens than input tokens, powers per GPU that indicate a wrong unit, and results that contradict each other by
/// definition (definitions.hpp has those of tokens). Throws Error.
void check_rows(const Table& table);

}  // namespace energylens::table
