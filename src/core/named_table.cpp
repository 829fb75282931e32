// SPDX-License-Identifier: Apache-2.0
// Held by named_table_test.cpp.
#include "core/named_table.hpp"

#include "core/nearest_name.hpp"
#include "core/text.hpp"

namespace energylens {

std::string unknown_name(std::string_view kind, std::string_view name,
                         std::span<const std::string_view> names) {
  constexpr std::size_t kMostListed = 30;
  std::string text = "unknown " + std::string(kind) + ' ' + quote(name);
  if (const std::optional<std::string> near = nearest_name(name, names))
    return text + "; did you mean " + quote(*near) + '?';
  if (names.empty()) return text;
  text += "; available: " + join(names.first(std::min(names.size(), kMostListed)));
  if (names.size() > kMostListed) text += " and " + std::to_string(names.size() - kMostListed) + " more";
  return text;
}

std::size_t choose_named(std::span<const std::string_view> names, std::string_view name,
                         std::string_view kind) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) throw Error::usage(unknown_name(kind, name, names));
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace energylens
