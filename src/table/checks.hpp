// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/table/table.hpp"

namespace energylens::table {

/// Refuses rows whose cells are each in range but make no sense together: layouts that contradict themselves,
/// more cached or image tokens than input, and powers per GPU that tell of a wrong unit. Throws Error.
void check_rows(const Table& table);

}  // namespace energylens::table
