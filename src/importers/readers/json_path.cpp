// SPDX-License-Identifier: Apache-2.0
// Held by readers_test.cpp.
#include "importers/readers/json_path.hpp"

#include <algorithm>
#include <string>

#include "core/text.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::importers {
namespace {

/// One step of a path: a name, then indices in brackets.
const io::Json* step(const io::Json* json, std::string_view part) {
  const std::size_t bracket = part.find('[');
  const std::string_view name = part.substr(0, bracket);
  if (!name.empty()) json = json->is_object() ? json->find(name) : nullptr;
  while (json && part.find('[') != std::string_view::npos) {
    part.remove_prefix(part.find('[') + 1);
    const std::size_t close = part.find(']');
    const auto index = parse_number(part.substr(0, close));
    const bool inside =
        index && json->is_array() && *index >= 0 && *index < static_cast<double>(json->items().size());
    json = inside ? &json->items()[static_cast<std::size_t>(*index)] : nullptr;
  }
  return json;
}

}  // namespace

const io::Json* at_path(const io::Json& json, std::string_view path) {
  const io::Json* found = &json;
  while (found && !path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    found = step(found, path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return found && found->is_null() ? nullptr : found;
}

double number_at(const io::Json& json, std::string_view path) {
  const io::Json* const found = at_path(json, path);
  if (!found) return kUnknown;
  if (found->is_number()) return found->as_number();
  return found->is_text() ? parse_number(found->as_text()).value_or(kUnknown) : kUnknown;
}

std::string text_at(const io::Json& json, std::string_view path) {
  const io::Json* const found = at_path(json, path);
  if (!found) return {};
  if (found->is_text()) return found->as_text();
  if (found->is_number()) return number_text(found->as_number());
  return found->kind() == io::Json::Kind::boolean ? (found->as_boolean() ? "true" : "false") : std::string();
}

bool is_true(const io::Json* value) {
  if (!value) return false;
  if (value->kind() == io::Json::Kind::boolean) return value->as_boolean();
  if (value->is_number()) return value->as_number() == 1;
  return value->is_text() && (lower_case(value->as_text()) == "true" || value->as_text() == "1");
}

}  // namespace energylens::importers
