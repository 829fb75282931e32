// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <cstddef>
#include <limits>

#include "search/tree/tree.hpp"

namespace energylens::search {

/// Cost of an operator that formulas may not contain.
inline constexpr double kForbidden = std::numeric_limits<double>::infinity();

/// How a factor is printed.
enum class PowerForm { plain, root, repeated, power };

/// Whether it is printed below the fraction bar.
inline bool in_denominator(const Factor& f) noexcept {
  return !f.free && f.exponent < 0;
}

inline PowerForm power_form(const Factor& f, const OperatorCosts& costs) noexcept {
  const double size = std::fabs(f.exponent);
  if (f.free) return PowerForm::power;
  if (size == 1) return PowerForm::plain;
  if (size == 0.5 && costs[expr::Op::sqrt] < kForbidden) return PowerForm::root;
  const bool repeated = std::nearbyint(size) == size && size <= 4;
  return costs[expr::Op::power] == kForbidden && repeated ? PowerForm::repeated : PowerForm::power;
}

inline bool prints_coefficient(const Term& term) noexcept {
  return term.free || std::fabs(term.coefficient) != 1;
}
/// Whether the term is printed as a difference: its coefficient is fixed and negative.
inline bool subtracted(const Term& term) noexcept {
  return !term.free && term.coefficient < 0;
}

/// The term that is printed first: the first one that is not subtracted, if there is one.
inline std::size_t first_printed(const Sum& sum) noexcept {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (!subtracted(sum[i])) return i;
  }
  return 0;
}

}  // namespace energylens::search
