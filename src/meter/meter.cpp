// SPDX-License-Identifier: Apache-2.0
#include "energylens/meter/meter.hpp"

#include <algorithm>
#include <array>

namespace energylens::meter {
namespace {

constexpr std::array<std::string_view, 6> kScopes = {"gpu", "module", "package", "dram", "node", "wall"};

}  // namespace

std::string_view scope_text(Scope scope) {
  return kScopes[static_cast<std::size_t>(scope)];
}

std::optional<Scope> find_scope(std::string_view text) {
  const auto found = std::ranges::find(kScopes, text);
  if (found == kScopes.end()) return std::nullopt;
  return static_cast<Scope>(found - kScopes.begin());
}

}  // namespace energylens::meter
