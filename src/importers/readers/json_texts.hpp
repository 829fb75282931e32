// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"

namespace energylens::importers {

/// The objects in a file: one, an array of them, or objects and arrays one after the other, each on a line of its own or on several. NaN and
/// infinities, which Python writes although JSON has none, are read as null, with a warning. Throws Error (bad input).
std::vector<io::Json> runs_in(const std::string& text, const std::string& file,
                              std::vector<std::string>& warnings);

/// One JSON text, with the same allowance.
io::Json json_in(const std::string& text, const std::string& file, std::vector<std::string>& warnings);

}  // namespace energylens::importers
