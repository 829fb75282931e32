// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>

#include "energylens/table/table.hpp"

namespace energylens::table {

/// A warning if rows equal earlier ones in all cells: how many, and the first pair. The usual cause is a file that is
/// given twice, or two files with rows in common.
std::optional<std::string> identical_rows(const Table& table);

}  // namespace energylens::table
