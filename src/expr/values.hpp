// SPDX-License-Identifier: Apache-2.0
#pragma once
// values.hpp: what each operator computes, as branch-free inline code that compilers turn into vector code.
// One definition serves the operator table and every set of kernels, so all ways to evaluate agree to the
// last bit. Everything has internal linkage because kernels.cpp is compiled for several instruction sets.
//   exp: x = k ln2 + r, |r| <= ln2 / 2, Taylor polynomial of degree 13 in r. Polynomials are summed
//     in pairs (Estrin), which keeps the pipelines full.
//   log: x = m 2^e, m in [sqrt(1/2), sqrt(2)), log m = 2 atanh s with s = (m - 1) / (m + 1), series in s^2.
//   sin, cos, tanh, asin, acos: see angles.hpp.
//   power: the same logarithm in pairs of doubles (relative error about 2^-65), times y, then exp.
// The only use of a fused multiply-add is the error of a product, which Dekker's splitting gives exactly too.
// Held by tests/expr/values_test.cpp against long double.
#include <bit>
#include <cstdint>
#include <limits>

#include "energylens/expr/expr.hpp"

// Loops are vectorised only where the whole body is inlined.
#define ENERGYLENS_INLINE [[gnu::always_inline]] inline

namespace energylens::expr {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kRounder = 0x1.8p52;  // adding it leaves an integer in the low bits
constexpr double kLn2High = 0x1.62e42fee00000p-1, kLn2Low = 0x1.a39ef35793c76p-33;  // kLn2High has 33 bits

ENERGYLENS_INLINE std::uint64_t bits(double x) {
  return __builtin_bit_cast(std::uint64_t, x);
}
ENERGYLENS_INLINE double from_bits(std::uint64_t u) {
  return __builtin_bit_cast(double, u);
}

// A sum of two doubles, the second a correction of the first.
struct Pair {
  double high, low;
};

ENERGYLENS_INLINE Pair two_sum(double a, double b) {
  const double sum = a + b, part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}

ENERGYLENS_INLINE Pair two_product(double a, double b) {
  const double product = a * b;
#ifdef __FMA__
  return {product, __builtin_fma(a, b, -product)};
#else
  constexpr double kSplit = 0x1p27 + 1;
  const double as = a * kSplit, bs = b * kSplit;
  const double ah = as - (as - a), bh = bs - (bs - b);
  const double al = a - ah, bl = b - bh;
  return {product, ((ah * bh - product) + ah * bl + al * bh) + al * bl};
#endif
}

ENERGYLENS_INLINE Pair product(Pair a, Pair b) {
  const Pair p = two_product(a.high, b.high);
  return {p.high, p.low + (a.high * b.low + a.low * b.high)};
}

// 2^k for an integer k in [-1022, 1023], given as a double.
ENERGYLENS_INLINE double power_of_two(double k) {
  return from_bits((bits(k + kRounder) - bits(kRounder) + 1023) << 52);
}

// exp(high + low), |low| < 1e-6. Two factors of about 2^(k/2), so that results may be subnormal.
ENERGYLENS_INLINE double exp_of(double high, double low) {
  double x = high > 710 ? 710 : high;
  x = x < -746 ? -746 : x;
  const double k = (x * 0x1.71547652b82fep0 + kRounder) - kRounder;
  const double coarse = x - k * kLn2High, fine = k * kLn2Low - low;
  const double r = coarse - fine, rest = (coarse - r) - fine;
  const double r2 = r * r, r4 = r2 * r2;
  const double low_terms = (1 / 2. + r * (1 / 6.)) + r2 * (1 / 24. + r * (1 / 120.));
  const double middle_terms = (1 / 720. + r * (1 / 5040.)) + r2 * (1 / 40320. + r * (1 / 362880.));
  const double high_terms =
      (1 / 3628800. + r * (1 / 39916800.)) + r2 * (1 / 479001600. + r * (1 / 6227020800.));
  const double p = low_terms + r4 * (middle_terms + r4 * high_terms);
  const double half = (k * 0.5 + kRounder) - kRounder;
  return (1 + (r + (r2 * p + rest))) * power_of_two(half) * power_of_two(k - half);
}

// x = mantissa * 2^exponent with the mantissa in [sqrt(1/2), sqrt(2)); meaningless unless 0 < x < inf.
struct Scaled {
  double mantissa, exponent;
};

ENERGYLENS_INLINE Scaled scaled(double x) {
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd, kBias = 1024;
  const bool subnormal = x < 0x1p-1022;
  const std::uint64_t u = bits(subnormal ? x * 0x1p54 : x);
  const std::uint64_t biased = (u - kSqrtHalf + (kBias << 52)) >> 52;
  const double exponent = from_bits(bits(0x1p52) | biased) - (0x1p52 + 1024);
  return {from_bits(u - ((biased - kBias) << 52)), subnormal ? exponent - 54 : exponent};
}

// 2/5 + 2/7 z + ... + 2/23 z^9: the series of 2 atanh(s)/s from its third term on, z = s^2 < 0.0295.
ENERGYLENS_INLINE double atanh_tail(double z) {
  const double z2 = z * z, z4 = z2 * z2;
  const double low_terms = (2 / 5. + z * (2 / 7.)) + z2 * (2 / 9. + z * (2 / 11.));
  const double middle_terms = (2 / 13. + z * (2 / 15.)) + z2 * (2 / 17. + z * (2 / 19.));
  return low_terms + z4 * (middle_terms + z4 * (2 / 21. + z * (2 / 23.)));
}

ENERGYLENS_INLINE double log_of(double x) {
  const Scaled v = scaled(x);
  const double f = v.mantissa - 1, s = f / (2 + f), z = s * s, half_square = 0.5 * f * f;
  const double rest = z * (2 / 3. + z * atanh_tail(z));
  double y = v.exponent * kLn2High - ((half_square - (s * (half_square + rest) + v.exponent * kLn2Low)) - f);
  y = x < kInf ? y : x;
  y = x == 0 ? -kInf : y;
  return x < 0 ? kNaN : y;
}

// log x as a pair, for 0 < x < inf.
ENERGYLENS_INLINE Pair log_pair(double x) {
  const Scaled v = scaled(x);
  const double f = v.mantissa - 1;
  const Pair d = two_sum(v.mantissa, 1);
  const double inverse = 1 / d.high, quotient = f * inverse;
  const Pair back = two_product(quotient, d.high);
  const Pair s{quotient, (((f - back.high) - back.low) - quotient * d.low) * inverse};
  const Pair z = product(s, s);
  Pair q = two_sum(2 / 3., z.high * atanh_tail(z.high));
  q.low += 0x1.5555555555555p-55;  // the rest of 2/3
  const Pair cubic = product(product(s, z), q);
  Pair sum = two_sum(2 * s.high, cubic.high);
  sum.low += 2 * s.low + cubic.low;
  Pair total = two_sum(v.exponent * kLn2High, sum.high);
  total.low += sum.low + v.exponent * kLn2Low;
  return total;
}

// IEEE 754 pow, with x^2 as x*x.
ENERGYLENS_INLINE double power_of(double x, double y) {
  const double size = __builtin_fabs(x), half = 0.5 * y;
  const bool whole = __builtin_floor(y) == y;
  const bool odd = whole & (__builtin_floor(half) != half);
  const Pair log = log_pair(size);
  const Pair p = two_product(y, log.high);
  double r = exp_of(p.high, __builtin_fabs(p.high) < 1e4 ? p.low + y * log.low : 0);
  r = size == 1 ? 1 : r;
  r = size == 0 ? (y < 0 ? kInf : 0) : r;
  r = size == kInf ? (y < 0 ? 0 : kInf) : r;
  r = odd ? __builtin_copysign(r, x) : r;
  r = ((x < 0) & !whole & (size < kInf)) ? kNaN : r;
  r = ((x != x) | (y != y)) ? kNaN : r;
  r = ((y == 0) | (x == 1)) ? 1 : r;
  return y == 2 ? x * x : r;
}

}  // namespace
}  // namespace energylens::expr

#include "expr/angles.hpp"

namespace energylens::expr {
namespace {

template <Op op>
ENERGYLENS_INLINE double value(double a, [[maybe_unused]] double b) {
  if constexpr (op == Op::add) return a + b;
  if constexpr (op == Op::subtract) return a - b;
  if constexpr (op == Op::multiply) return a * b;
  if constexpr (op == Op::divide) return a / b;
  if constexpr (op == Op::power) return power_of(a, b);
  if constexpr (op == Op::minimum) return a != a ? a : (a < b ? a : b);
  if constexpr (op == Op::maximum) return a != a ? a : (a > b ? a : b);
  if constexpr (op == Op::negate) return -a;
  if constexpr (op == Op::exp) return exp_of(a, 0);
  if constexpr (op == Op::log) return log_of(a);
  if constexpr (op == Op::sqrt) return __builtin_sqrt(a);
  if constexpr (op == Op::abs) return __builtin_fabs(a);
  if constexpr (op == Op::floor) return __builtin_floor(a);
  if constexpr (op == Op::ceil) return __builtin_ceil(a);
  if constexpr (op == Op::step) return a != a ? a : (a > 0 ? 1 : (a < 0 ? 0 : 0.5));
  if constexpr (op == Op::sin || op == Op::cos) {
    const unsigned quarters = op == Op::cos ? 1 : 0;
    return large_angle(a) ? sine_of(reduced_large(a), quarters) : sine_of(reduced(a), quarters);
  }
  if constexpr (op == Op::tanh) return tanh_of(a);
  if constexpr (op == Op::asin) return asin_of(a);
  if constexpr (op == Op::acos) return acos_of(a);
}

}  // namespace
}  // namespace energylens::expr
