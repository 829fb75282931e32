// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/unit.hpp"
#include "energylens/expr/expr.hpp"
#include "energylens/predictor/facts.hpp"

namespace energylens::predictor {

/// A published figure of the model or GPU of a group, used as an input of formulas.
struct PublishedQuantity {
  std::string_view name, unit, meaning;
  double (*of)(const Facts& facts);  ///< SI; unknown if the catalogue has no figure
};

/// weight_bytes, kv_bytes, token_flops, bandwidth, peak_flops, tdp, link, in this order. Counts have no unit, so a
/// quantity per token has the unit of the quantity alone.
std::span<const PublishedQuantity> quantities();

/// The names, or all of them for "all". Throws Error (usage) for an unknown name and suggests a similar one.
std::vector<std::string> checked_quantities(const std::vector<std::string>& names);

/// The first quantity in the formula that is unknown for a group; "" if all are known.
std::string unknown_quantity(const expr::Expr& formula, const Facts& facts);
/// Whether a quantity occurs in the formula.
bool has_quantity(const expr::Expr& formula);

/// Units that coefficients may have in formulas with quantities, in addition to none.
std::vector<Unit> quantity_coefficients(Metric metric);

}  // namespace energylens::predictor
