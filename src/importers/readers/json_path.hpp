// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "energylens/io/json.hpp"

namespace energylens::importers {

/// The value at a path of names and indices, "input_config.models.items[0].name"; nullptr if it is missing or null.
const io::Json* at_path(const io::Json& json, std::string_view path);

/// The number at a path, also where it is written as text; kUnknown if there is none.
double number_at(const io::Json& json, std::string_view path);
/// The text at a path, also of a number or truth value; empty if there is none.
std::string text_at(const io::Json& json, std::string_view path);
/// Whether the value is true, 1, "true" or "1".
bool is_true(const io::Json* value);

}  // namespace energylens::importers
