// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "energylens/core/unit.hpp"
#include "energylens/expr/expr.hpp"

namespace energylens::expr {

struct NamedUnit {
  std::string name;
  Unit unit;
};

/// The units of numbers in a formula.
enum class ConstantUnits {
  any,            ///< a free constant: it takes any unit that fits
  dimensionless,  ///< a pure number; 0 fits every unit
};

/// Outcome of check_units.
struct UnitCheck {
  bool consistent = false;
  std::optional<Unit> unit;  ///< of the whole expression; none: a free constant makes it undetermined
  std::string why;           ///< if not consistent: `cannot add J and s in a*b + c`
};

/// Propagates units through the tree. + - min max need equal units; ^ needs a dimensionless exponent, and on
/// a base with a unit one that is a constant and a multiple of 1/5040; exp log floor ceil need dimensionless
/// operands; a name without a unit is inconsistent.
UnitCheck check_units(const Expr& expr, std::span<const NamedUnit> units,
                      ConstantUnits constants = ConstantUnits::any);

}  // namespace energylens::expr
