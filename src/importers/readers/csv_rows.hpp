// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"

namespace energylens::importers {

/// The lines of a CSV file as JSON objects: numbers as numbers, blanks as null. Throws Error (bad input) as io::Sheet does.
std::vector<io::Json> csv_rows(const std::string& text, const std::string& file);

}  // namespace energylens::importers
