// SPDX-License-Identifier: Apache-2.0
// interval_rules.cpp: ranges of operators. Arithmetic rounds to nearest, and the sign of its error, which a
// compensated sum and a fused multiply-add give exactly, shows on which side of the double the true end lies:
// exact results stay exact. Our own functions err by less than one unit in the last place (two for tanh,
// asin, acos); twice that encloses both what is true and what Program computes anywhere between the ends.
// Zeros stay zeros, and signs never flip by rounding: without that nothing that touches 0 could be proven to
// be >= 0. Directed rounding of the processor is not used: the compiler moves arithmetic across changes of
// it, and functions of a library promise nothing under it. Held by tests/expr/interval_test.cpp.
#include "expr/interval_rules.hpp"

#include <algorithm>
#include <cmath>

#include "expr/values.hpp"

namespace energylens::expr {
namespace {

constexpr int kFunctionUnits = 2, kWideFunctionUnits = 4;

double down(double x, int units = 1) {
  for (int i = 0; i < units; ++i) x = std::nextafter(x, -kInf);
  return x;
}
double up(double x, int units = 1) {
  for (int i = 0; i < units; ++i) x = std::nextafter(x, kInf);
  return x;
}

Interval outward(double lo, double hi, bool defined, int units = 1) {
  return {down(lo, units), up(hi, units), defined};
}
/// Of values that are known not to be negative.
Interval not_negative(Interval x) {
  x.lo = std::max(x.lo, 0.0);
  return x;
}

/// The doubles around a value of which `nearest` is the nearest, given the sign of what `nearest` lacks.
Interval around(double nearest, double lacking) {
  return {lacking < 0 ? down(nearest) : nearest, lacking > 0 ? up(nearest) : nearest, true};
}

/// Around x + y. An end at infinity stands for finite values without limit; so does an overflow.
Interval sum_of(double x, double y) {
  const double sum = x + y;
  if (!std::isfinite(sum)) return {down(sum), up(sum), true};
  return around(sum, two_sum(x, y).low);
}

constexpr double kTiny = 0x1p-900;  // below it errors of products are not exact any more

/// Around x * y. 0 times an end at infinity is 0: the end stands for finite values.
Interval product_of(double x, double y) {
  if (x == 0 || y == 0) return Interval::point(0);
  const double p = x * y;
  if (std::isfinite(p) && std::fabs(p) > kTiny) return around(p, std::fma(x, y, -p));
  return (x > 0) == (y > 0) ? Interval{std::max(down(p), 0.0), up(p)}
                            : Interval{down(p), std::min(up(p), 0.0)};
}

/// Around x / y.
Interval quotient_of(double x, double y) {
  if (x == 0 || std::isinf(y)) return Interval::point(0);
  const double q = x / y;
  if (std::isfinite(q) && std::fabs(q) > kTiny && std::fabs(x) > kTiny) {
    const double rest = std::fma(-q, y, x);
    return around(q, y > 0 ? rest : -rest);
  }
  return (x > 0) == (y > 0) ? Interval{std::max(down(q), 0.0), up(q)}
                            : Interval{down(q), std::min(up(q), 0.0)};
}

Interval add(const Interval& a, const Interval& b) {
  return {sum_of(a.lo, b.lo).lo, sum_of(a.hi, b.hi).hi, a.defined && b.defined};
}

Interval negate(const Interval& a) {
  return {-a.hi, -a.lo, a.defined};
}

Interval subtract(const Interval& a, const Interval& b) {
  return add(a, negate(b));
}

Interval hull(const Interval& a, const Interval& b) {
  return {std::min(a.lo, b.lo), std::max(a.hi, b.hi), a.defined && b.defined};
}

Interval multiply(const Interval& a, const Interval& b) {
  Interval out = hull(hull(product_of(a.lo, b.lo), product_of(a.lo, b.hi)),
                      hull(product_of(a.hi, b.lo), product_of(a.hi, b.hi)));
  out.defined = a.defined && b.defined;
  return out;
}

Interval divide(const Interval& a, const Interval& b) {
  if (b.contains(0)) return Interval::unknown();
  Interval out{kInf, -kInf};
  for (const double x : {a.lo, a.hi}) {
    for (const double y : {b.lo, b.hi}) {
      // inf/inf adds nothing to the other ends: x/inf and inf/y are its limits.
      if (!(std::isinf(x) && std::isinf(y))) out = hull(out, quotient_of(x, y));
    }
  }
  out.defined = a.defined && b.defined;
  return out;
}

/// x^n for a whole n, x of any sign: odd powers rise or, with n < 0, fall on either side of 0.
Interval whole_power(const Interval& a, double n) {
  if (n == 0) return {1, 1, a.defined};
  if (n < 0 && a.contains(0)) return Interval::unknown();
  const double p = value<Op::power>(a.lo, n), q = value<Op::power>(a.hi, n);
  Interval out = outward(std::min(p, q), std::max(p, q), a.defined, kFunctionUnits);
  const bool even = std::floor(n / 2) * 2 == n;
  if (even && a.contains(0)) out.lo = 0;
  if (even || a.lo >= 0) return not_negative(out);
  if (a.hi <= 0) out.hi = std::min(out.hi, 0.0);
  return out;
}

/// For one operand held, a power is monotone in the other: extremes lie at corners.
Interval power(const Interval& a, const Interval& b) {
  const bool defined = a.defined && b.defined;
  if (b.lo == b.hi && std::floor(b.lo) == b.lo && std::fabs(b.lo) < 0x1p52) {
    Interval out = whole_power(a, b.lo);
    out.defined = out.defined && defined;
    return out;
  }
  if (a.lo < 0 || (a.lo == 0 && b.lo <= 0)) return Interval::unknown();
  double lo = kInf, hi = 0;
  for (const double x : {a.lo, a.hi}) {
    for (const double y : {b.lo, b.hi}) {
      const double p = value<Op::power>(x, y);
      lo = std::min(lo, p);
      hi = std::max(hi, p);
    }
  }
  return not_negative(outward(lo, hi, defined, kFunctionUnits));
}

Interval minimum(const Interval& a, const Interval& b) {
  return {std::min(a.lo, b.lo), std::min(a.hi, b.hi), a.defined && b.defined};
}
Interval maximum(const Interval& a, const Interval& b) {
  return {std::max(a.lo, b.lo), std::max(a.hi, b.hi), a.defined && b.defined};
}

Interval exponential(const Interval& a) {
  return not_negative(outward(value<Op::exp>(a.lo, 0), value<Op::exp>(a.hi, 0), a.defined, kFunctionUnits));
}
Interval logarithm(const Interval& a) {
  if (a.lo <= 0) return Interval::unknown();
  return outward(value<Op::log>(a.lo, 0), value<Op::log>(a.hi, 0), a.defined, kFunctionUnits);
}
Interval root_of(double x) {
  const double root = std::sqrt(x);
  if (x == 0 || std::isinf(x)) return Interval::point(root);
  return x > kTiny ? around(root, std::fma(-root, root, x)) : outward(root, root, true);
}
Interval square_root(const Interval& a) {
  if (a.lo < 0) return Interval::unknown();
  return not_negative({root_of(a.lo).lo, root_of(a.hi).hi, a.defined});
}
Interval absolute(const Interval& a) {
  const double greatest = std::max(-a.lo, a.hi);
  if (a.contains(0)) return {0, greatest, a.defined};
  return {std::min(std::fabs(a.lo), std::fabs(a.hi)), greatest, a.defined};
}
Interval rounded_down(const Interval& a) {
  return {std::floor(a.lo), std::floor(a.hi), a.defined};
}
Interval rounded_up(const Interval& a) {
  return {std::ceil(a.lo), std::ceil(a.hi), a.defined};
}
Interval stepped(const Interval& a) {
  return {value<Op::step>(a.lo, 0), value<Op::step>(a.hi, 0), a.defined};
}

/// cos, with sin x = cos(x - pi/2): extremes lie at the ends and at whole multiples of pi in between.
/// `quarter` is how many quarters of a turn the angle is ahead.
template <Op op>
Interval wave(const Interval& a, double quarter) {
  constexpr double kFar = 1e6, kSlack = 1e-9;  // slack: multiples of pi that are this near count as within
  const double half_turns_lo = a.lo / (2 * kHalfPi) - quarter / 2 - kSlack;
  const double half_turns_hi = a.hi / (2 * kHalfPi) - quarter / 2 + kSlack;
  const double first = std::ceil(half_turns_lo), last = std::floor(half_turns_hi);
  if (!(a.lo > -kFar && a.hi < kFar) || last > first) return {-1, 1, a.defined};
  const double p = value<op>(a.lo, 0), q = value<op>(a.hi, 0);
  Interval out = outward(std::min(p, q), std::max(p, q), a.defined, kFunctionUnits);
  if (first == last) {
    const bool crest = std::floor(first / 2) * 2 == first;
    (crest ? out.hi : out.lo) = crest ? 1 : -1;
  }
  return {std::max(out.lo, -1.0), std::min(out.hi, 1.0), out.defined};
}
Interval hyperbolic_tangent(const Interval& a) {
  return outward(value<Op::tanh>(a.lo, 0), value<Op::tanh>(a.hi, 0), a.defined, kWideFunctionUnits);
}
Interval arc_sine(const Interval& a) {
  if (a.lo < -1 || a.hi > 1) return Interval::unknown();
  return outward(value<Op::asin>(a.lo, 0), value<Op::asin>(a.hi, 0), a.defined, kWideFunctionUnits);
}
Interval arc_cosine(const Interval& a) {
  if (a.lo < -1 || a.hi > 1) return Interval::unknown();
  return outward(value<Op::acos>(a.hi, 0), value<Op::acos>(a.lo, 0), a.defined, kWideFunctionUnits);
}

}  // namespace

template <Op op>
Interval range(const Interval& a, const Interval& b) {
  if constexpr (op == Op::add) return add(a, b);
  if constexpr (op == Op::subtract) return subtract(a, b);
  if constexpr (op == Op::multiply) return multiply(a, b);
  if constexpr (op == Op::divide) return divide(a, b);
  if constexpr (op == Op::power) return power(a, b);
  if constexpr (op == Op::minimum) return minimum(a, b);
  if constexpr (op == Op::maximum) return maximum(a, b);
  if constexpr (op == Op::negate) return negate(a);
  if constexpr (op == Op::exp) return exponential(a);
  if constexpr (op == Op::log) return logarithm(a);
  if constexpr (op == Op::sqrt) return square_root(a);
  if constexpr (op == Op::abs) return absolute(a);
  if constexpr (op == Op::floor) return rounded_down(a);
  if constexpr (op == Op::ceil) return rounded_up(a);
  if constexpr (op == Op::step) return stepped(a);
  if constexpr (op == Op::sin) return wave<op>(a, 1);
  if constexpr (op == Op::cos) return wave<op>(a, 0);
  if constexpr (op == Op::tanh) return hyperbolic_tangent(a);
  if constexpr (op == Op::asin) return arc_sine(a);
  if constexpr (op == Op::acos) return arc_cosine(a);
}

template Interval range<Op::add>(const Interval&, const Interval&);
template Interval range<Op::subtract>(const Interval&, const Interval&);
template Interval range<Op::multiply>(const Interval&, const Interval&);
template Interval range<Op::divide>(const Interval&, const Interval&);
template Interval range<Op::power>(const Interval&, const Interval&);
template Interval range<Op::minimum>(const Interval&, const Interval&);
template Interval range<Op::maximum>(const Interval&, const Interval&);
template Interval range<Op::negate>(const Interval&, const Interval&);
template Interval range<Op::exp>(const Interval&, const Interval&);
template Interval range<Op::log>(const Interval&, const Interval&);
template Interval range<Op::sqrt>(const Interval&, const Interval&);
template Interval range<Op::abs>(const Interval&, const Interval&);
template Interval range<Op::floor>(const Interval&, const Interval&);
template Interval range<Op::ceil>(const Interval&, const Interval&);
template Interval range<Op::step>(const Interval&, const Interval&);
template Interval range<Op::sin>(const Interval&, const Interval&);
template Interval range<Op::cos>(const Interval&, const Interval&);
template Interval range<Op::tanh>(const Interval&, const Interval&);
template Interval range<Op::asin>(const Interval&, const Interval&);
template Interval range<Op::acos>(const Interval&, const Interval&);

}  // namespace energylens::expr
