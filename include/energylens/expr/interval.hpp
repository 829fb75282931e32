// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "energylens/expr/expr.hpp"

namespace energylens::expr {

/// A closed range of real numbers; an end may be infinite. Requires: lo <= hi, lo < inf, hi > -inf.
struct Interval {
  double lo = -std::numeric_limits<double>::infinity(), hi = std::numeric_limits<double>::infinity();
  /// Whether the value certainly exists: false after a logarithm of an interval with negative values, or a division by
  /// an interval that contains 0.
  bool defined = true;

  static Interval point(double value) { return {value, value, true}; }
  /// Nothing is known, not even whether the value exists.
  static Interval unknown() {
    Interval out;
    out.defined = false;
    return out;
  }
  double width() const noexcept { return hi - lo; }
  double middle() const noexcept;  ///< finite, and within
  bool contains(double value) const noexcept { return lo <= value && value <= hi; }
};

/// An expression compiled for interval evaluation: its natural interval extension, with ends rounded outwards. The
/// result contains every value that the expression takes as its names run over the box, and the values that Program
/// computes there too. Immutable; safe from any thread.
class IntervalProgram {
 public:
  /// `names` are variables and parameters, by position. Throws Error (bad input) if another is needed.
  IntervalProgram(const Expr& expr, std::span<const std::string> names);

  /// Requires: as many intervals as names. `stack` is scratch memory.
  Interval enclose(std::span<const Interval> box, std::vector<Interval>& stack) const;

 private:
  struct Step {
    Op op;
    std::uint32_t index;  ///< of the name, or of the number
  };
  std::vector<Step> steps_;
  std::vector<Interval> numbers_;
};

}  // namespace energylens::expr
