// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "energylens/io/json.hpp"
#include "residual/model.hpp"

namespace energylens::residual {

/// One for each group, null where there is none.
io::Json corrections_json(std::span<const std::optional<Correction>> corrections);

/// Reads them back. Throws Error (bad input) also where their number is not that of the groups of `formula`,
/// and where a group has one but no formula of energy.
std::vector<std::optional<Correction>> corrections_from(const io::Json& json, const parametric::Model& form);

}  // namespace energylens::residual
