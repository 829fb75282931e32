// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/unit.hpp"
#include "energylens/expr/expr.hpp"
#include "energylens/predictor/facts.hpp"

namespace energylens::predictor {

/// A published figure of the model or the GPU of a group, as an input of formulas.
struct PublishedQuantity {
  std::string_view name, unit, meaning;
  double (*of)(const Facts& facts);  ///< SI; unknown where the catalogue does not tell it
};

/// weight_bytes, kv_bytes, token_flops, bandwidth, peak_flops, tdp, link, in this order. Counts have no unit,
/// so what is "per token" carries the unit of the amount alone.
std::span<const PublishedQuantity> quantities();

/// The names, or all of them for "all". Throws Error (usage) for a name that is none, naming the near one.
std::vector<std::string> checked_quantities(const std::vector<std::string>& names);

/// The first quantity that occurs in the formula and that is not known of a group; "" if there is none.
std::string unknown_quantity(const expr::Expr& formula, const Facts& facts);
/// Whether a quantity occurs in the formula.
bool has_quantity(const expr::Expr& formula);

/// Units that coefficients may have where quantities bring in joules, watts and seconds, besides none.
std::vector<Unit> quantity_coefficients(bool energy);

}  // namespace energylens::predictor
