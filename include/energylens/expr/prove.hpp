// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/expr/interval.hpp"

namespace energylens::expr {

enum class Verdict {
  proven,   ///< it holds at every real point of the box
  refuted,  ///< there is a point, the witness, where it certainly does not
  open,     ///< neither was shown within the boxes allowed
};
std::string_view verdict_text(Verdict verdict);

/// Of one claim over one box.
struct Proof {
  Verdict verdict = Verdict::open;
  std::vector<double> witness;  ///< where the claim fails, by position of the names; empty unless refuted
  std::size_t boxes = 0;        ///< that were looked at
};

enum class Sign { positive, not_negative };

/// Whether `expr` has a value of this sign wherever its names run over the box, for real numbers: evaluation
/// is enclosed with its rounding. `names` are all names that occur, by position. Deterministic.
Proof prove_sign(const Expr& expr, std::span<const std::string> names, std::span<const Interval> box,
                 Sign sign, std::size_t most_boxes = 2000);

/// Whether `expr` has a value and does not fall as `name` rises, the others held. Formulas that jump in it
/// (floor, ceil, step) are left open. Where it is refuted the derivative at the witness is negative. Numbers
/// that derivative() folds, such as an exponent less 1, are rounded to doubles before.
Proof prove_rising(const Expr& expr, std::string_view name, std::span<const std::string> names,
                   std::span<const Interval> box, std::size_t most_boxes = 2000);

/// Whether `expr` has a value and is concave in `name` (its second derivative is nowhere above 0), the others
/// held. Formulas with a jump or a kink in it (min, max, abs) are left open. Where it is refuted the second
/// derivative at the witness is positive.
Proof prove_concave(const Expr& expr, std::string_view name, std::span<const std::string> names,
                    std::span<const Interval> box, std::size_t most_boxes = 2000);

}  // namespace energylens::expr
