// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <cstddef>
#include <limits>

#include "search/tree/tree.hpp"

namespace energylens::search {

/// What an operator costs that formulas may not have.
inline constexpr double kForbidden = std::numeric_limits<double>::infinity();

/// How a factor is written.
enum class PowerForm { plain, root, repeated, power };

/// Written below the fraction bar.
inline bool in_denominator(const Factor& f) noexcept {
  return !f.free && f.exponent < 0;
}

inline PowerForm power_form(const Factor& f, const Prices& prices) noexcept {
  const double size = std::fabs(f.exponent);
  if (f.free) return PowerForm::power;
  if (size == 1) return PowerForm::plain;
  if (size == 0.5 && prices[expr::Op::sqrt] < kForbidden) return PowerForm::root;
  const bool repeated = std::nearbyint(size) == size && size <= 4;
  return prices[expr::Op::power] == kForbidden && repeated ? PowerForm::repeated : PowerForm::power;
}

inline bool prints_coefficient(const Term& term) noexcept {
  return term.free || std::fabs(term.coefficient) != 1;
}
/// A fixed negative coefficient is written as a difference.
inline bool subtracted(const Term& term) noexcept {
  return !term.free && term.coefficient < 0;
}

/// The term that a sum begins with: the first that is not subtracted, if there is one.
inline std::size_t first_printed(const Sum& sum) noexcept {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (!subtracted(sum[i])) return i;
  }
  return 0;
}

}  // namespace energylens::search
