// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>

#include "energylens/table/table.hpp"

namespace energylens::table {

/// A line for people if rows are equal to earlier ones in all cells, known or not: how many, and the first pair. Measured
/// twice to the last digit is rare; a file given twice, or two files with rows in common, is not.
std::optional<std::string> identical_rows(const Table& table);

}  // namespace energylens::table
