// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"

namespace energylens::importers {

/// A YAML document as JSON: plain scalars are numbers, truth values or null where YAML reads them so. Its values have no
/// places. Throws Error (bad input, file:line:column) for text that is not YAML, or that nests too deep.
io::Json parse_yaml(const std::string& text, const std::string& file);

/// JSON or YAML, by the first character.
io::Json parse_json_or_yaml(const std::string& text, const std::string& file,
                            std::vector<std::string>& warnings);

}  // namespace energylens::importers
