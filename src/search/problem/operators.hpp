// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string_view>

#include "energylens/expr/expr.hpp"

namespace energylens::search {

/// An operator and its name in Options.
struct KnownOperator {
  std::string_view name;
  expr::Op op;
};
std::span<const KnownOperator> known_operators();

}  // namespace energylens::search
