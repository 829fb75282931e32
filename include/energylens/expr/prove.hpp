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
  proven,   ///< the property holds at every real point of the box
  refuted,  ///< it certainly fails at a point, the witness
  open,     ///< undecided within the allowed number of boxes
};
std::string_view verdict_text(Verdict verdict);

/// The verdict on one property over one box.
struct Proof {
  Verdict verdict = Verdict::open;
  std::vector<double>
      witness;  ///< a point where the property fails, by position of the names; empty unless refuted
  std::size_t boxes = 0;  ///< number examined
};

enum class Sign { positive, not_negative };

/// Whether `expr` has a value of this sign wherever its names run over the box, for real numbers: evaluation
/// is enclosed with its rounding. `names` are all names that occur, by position. Deterministic.
Proof prove_sign(const Expr& expr, std::span<const std::string> names, std::span<const Interval> box,
                 Sign sign, std::size_t most_boxes = 2000);

/// Whether `expr` has a value and does not decrease in `name` with the other names fixed. Formulas with jumps in `name`
/// (floor, ceil, step) are undecided. If it is refuted, the derivative at the witness is negative. Numbers that
/// derivative() folds, such as an exponent less 1, are rounded to doubles first.
Proof prove_rising(const Expr& expr, std::string_view name, std::span<const std::string> names,
                   std::span<const Interval> box, std::size_t most_boxes = 2000);

/// Whether `expr` has a value and is concave in `name` (its second derivative is nowhere above 0) with the other names
/// fixed. Formulas with a jump or a kink in `name` (min, max, abs) are undecided. If it is refuted, the second derivative
/// at the witness is positive.
Proof prove_concave(const Expr& expr, std::string_view name, std::span<const std::string> names,
                    std::span<const Interval> box, std::size_t most_boxes = 2000);

}  // namespace energylens::expr
