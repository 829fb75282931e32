// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/error.hpp"

namespace energylens {

/// `unknown predictor "lw"; did you mean "law"?`, or with the names there are where none is near:
/// `unknown predictor "zzz"; available: law, gp`. Of many names only the first are listed.
std::string unknown_name(std::string_view kind, std::string_view name,
                         std::span<const std::string_view> names);

/// The names of entries with a member `name`, in their order.
template <class Entries>
std::vector<std::string_view> names_of(const Entries& entries) {
  std::vector<std::string_view> names;
  for (const auto& entry : entries) names.emplace_back(entry.name);
  return names;
}

/// The position of a name in a list. Throws Error (usage) with `unknown_name`.
std::size_t choose_named(std::span<const std::string_view> names, std::string_view name,
                         std::string_view kind);

/// The entry of that name in a table of entries with a member `name`. Throws Error (usage) with `unknown_name`.
template <class Entries>
const auto& find_named(const Entries& entries, std::string_view name, std::string_view kind) {
  const auto found = std::ranges::find_if(entries, [&](const auto& entry) { return entry.name == name; });
  if (found == std::ranges::end(entries)) throw Error::usage(unknown_name(kind, name, names_of(entries)));
  return *found;
}

}  // namespace energylens
