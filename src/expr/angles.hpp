// SPDX-License-Identifier: Apache-2.0
#pragma once
// angles.hpp: sin, cos, tanh, asin and acos, part of values.hpp and by its rules: branch-free, no library.
//   sin, cos: x = k pi/2 + r with pi/2 in four pieces of which three have 33 bits, so that their products
//     with k < 2^20 are exact; Taylor polynomials in r. Beyond 2^20 the product of x with 2/pi is taken in
//     whole numbers (Payne and Hanek 1983), where only the bits that determine the quadrant and the rest matter.
//   tanh, asin: x + x^3 p(x^2) near 0, p interpolated at Chebyshev points; else by exp and by
//     asin x = pi/2 - 2 asin(sqrt((1 - x) / 2)).
// Held by tests/expr/values_test.cpp.
#include "expr/values.hpp"

namespace energylens::expr {
namespace {

constexpr double kHalfPi = 0x1.921fb54442d18p+0, kHalfPiLow = 0x1.1a62633145c07p-54;

// What is left of an angle: r = high + low, |r| <= pi/4, and the quadrant modulo 4.
struct Angle {
  Pair rest;
  std::uint64_t quadrant;
};

ENERGYLENS_INLINE bool large_angle(double x) {
  const double size = __builtin_fabs(x);
  return (size > 0x1p20) & (size < kInf);
}

ENERGYLENS_INLINE Angle reduced(double x) {
  constexpr double kFirst = 0x1.921fb54400000p+0, kSecond = 0x1.0b4611a600000p-34,
                   kThird = 0x1.3198a2e000000p-69, kFourth = 0x1.b839a252049c1p-104;
  const double shifted = x * 0x1.45f306dc9c883p-1 + kRounder, k = shifted - kRounder;
  const Pair first = two_sum(x - k * kFirst, -(k * kSecond));
  Pair rest = two_sum(first.high, -(k * kThird));
  rest.low += first.low - k * kFourth;
  return {two_sum(rest.high, rest.low), bits(shifted)};
}

// The same for 2^20 < |x| < inf.
[[gnu::noinline, maybe_unused]] Angle reduced_large(double x) {
  static constexpr std::uint64_t kTwoOverPi[] = {// as a binary fraction, 64 bits each
                                                 0,
                                                 0xa2f9836e4e441529,
                                                 0xfc2757d1f534ddc0,
                                                 0xdb6295993c439041,
                                                 0xfe5163abdebbc561,
                                                 0xb7246e3a424dd2e0,
                                                 0x06492eea09d1921c,
                                                 0xfe1deb1cb129a73e,
                                                 0xe88235f52ebb4484,
                                                 0xe99c7026b45f7e41,
                                                 0x3991d639835339f4,
                                                 0x9c845f8bbdf9283b,
                                                 0x1ff897ffde05980f,
                                                 0xef2f118b5a0a6d1f,
                                                 0x6d367ecf27cb09b7,
                                                 0x4f463f669e5fea2d,
                                                 0x7527bac7ebe5f17b,
                                                 0x3d0739f78a5292ea,
                                                 0x6bfb5fb11f8d5d08,
                                                 0x56033046fc7b6bab,
                                                 0xf0cfbc209af4361d};
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t u = bits(x);
  const int scale = static_cast<int>(u >> 52 & 0x7ff) - 1075;  // |x| = mantissa * 2^scale
  const std::uint64_t mantissa = (u & 0xfffffffffffff) | 0x10000000000000;
  // Bits of 2/pi before `begin` make whole turns. Of 192 bits from there, the first two of the product stand
  // for quarters. Before the point stand 64 zeros.
  const int begin = scale - 2 + 64, word = begin / 64, shift = begin % 64;
  std::uint64_t window[3];
  for (int i = 0; i < 3; ++i) {
    window[i] = kTwoOverPi[word + i] << shift;
    if (shift > 0) window[i] |= kTwoOverPi[word + i + 1] >> (64 - shift);
  }
  const Wide low = Wide{mantissa} * window[2], middle = Wide{mantissa} * window[1] + (low >> 64);
  const Wide turn = (Wide{mantissa * window[0]} << 64) + middle;
  const auto tail = static_cast<std::uint64_t>(low);
  std::uint64_t quadrant = static_cast<std::uint64_t>(turn >> 126);
  Wide fraction = turn << 2 | tail >> 62;  // of a quarter, in 2^-128
  const bool upper = fraction >> 127 != 0;
  if (upper) {
    ++quadrant;
    fraction = ~fraction;
  }
  // As two doubles, the first with 53 leading bits.
  const double high = static_cast<double>(fraction);
  const double low_part = high >= 0x1p128 ? 0
                          : fraction >= static_cast<Wide>(high)
                              ? static_cast<double>(fraction - static_cast<Wide>(high))
                              : -static_cast<double>(static_cast<Wide>(high) - fraction);
  const Pair part = product({high * 0x1p-128, low_part * 0x1p-128}, {kHalfPi, kHalfPiLow});
  const bool minus = upper != (x < 0);
  Pair rest = two_sum(part.high, part.low);
  if (minus) rest = {-rest.high, -rest.low};
  return {rest, x < 0 ? std::uint64_t{0} - quadrant : quadrant};
}

// sin(angle + quarters * pi/2)
ENERGYLENS_INLINE double sine_of(Angle angle, std::uint64_t quarters) {
  const double r = angle.rest.high, e = angle.rest.low, z = r * r, z2 = z * z, z4 = z2 * z2;
  const double p = (-1 / 6. + z * (1 / 120.)) + z2 * (-1 / 5040. + z * (1 / 362880.)) +
                   z4 * ((-1 / 39916800. + z * (1 / 6227020800.)) +
                         z2 * (-1 / 1307674368000. + z * (1 / 355687428096000.)));
  const double q = (1 / 24. + z * (-1 / 720.)) + z2 * (1 / 40320. + z * (-1 / 3628800.)) +
                   z4 * ((1 / 479001600. + z * (-1 / 87178291200.)) + z2 * (1 / 20922789888000.));
  const double half = 0.5 * z, w = 1 - half;
  const double sine = r + (z * r * p + e * w);
  const double cosine = w + (((1 - w) - half) + (z2 * q - r * e));
  const std::uint64_t quadrant = angle.quadrant + quarters, odd = 0 - (quadrant & 1);
  const std::uint64_t value = (bits(cosine) & odd) | (bits(sine) & ~odd);
  return from_bits(value ^ (quadrant & 2) << 62);
}

ENERGYLENS_INLINE double tanh_of(double x) {
  const double size = __builtin_fabs(x), z = x * x, z2 = z * z, z4 = z2 * z2;
  const double p =
      (-0x1.5555555555553p-2 + z * 0x1.1111111110561p-3) +
      z2 * (-0x1.ba1ba1b8f6684p-5 + z * 0x1.664f4828d8400p-6) +
      z4 * ((-0x1.226e272e4e21bp-7 + z * 0x1.d6d1310f56a01p-9) +
            z2 * (-0x1.7d7c66638e56dp-10 + z * 0x1.33e0321fdeadap-11) +
            z4 * ((-0x1.e2f7e90a378d3p-13 + z * 0x1.4b58a9c10b5f5p-14) + z2 * -0x1.1bf769d34d9fep-16));
  const double near = x + x * z * p;
  const double far = __builtin_copysign(1 - 2 / (exp_of(2 * size, 0) + 1), x);
  return size < 0.625 ? near : (x != x ? x : far);
}

// asin(x) - x of |x| <= 1/2.
ENERGYLENS_INLINE double asin_tail(double x) {
  const double z = x * x, z2 = z * z, z4 = z2 * z2, z8 = z4 * z4;
  const double p = (0x1.555555555554fp-3 + z * 0x1.3333333336da5p-4) +
                   z2 * (0x1.6db6db684b6a1p-5 + z * 0x1.f1c71f95269afp-6) +
                   z4 * ((0x1.6e8b2b3b10be4p-6 + z * 0x1.1c593c7b1d958p-6) +
                         z2 * (0x1.c87265d47ef49p-7 + z * 0x1.8522ddffa6208p-7)) +
                   z8 * ((0x1.ff5fc4d14c735p-8 + z * 0x1.06b9d26d10838p-6) +
                         z2 * (-0x1.603991d6060e0p-7 + z * 0x1.cd864394d2ff2p-6));
  return x * z * p;
}

// asin(s) with s = sqrt((1 - |x|) / 2): half of acos |x|.
ENERGYLENS_INLINE Pair half_acos(double size) {
  const double half = 0.5 * (1 - size), s = __builtin_sqrt(half);
  const Pair square = two_product(s, s);
  const double rest = s > 0 ? ((half - square.high) - square.low) / (2 * s) : 0;
  return {s, asin_tail(s) + rest};
}

ENERGYLENS_INLINE double asin_of(double x) {
  const double size = __builtin_fabs(x);
  const Pair half = half_acos(size);
  const double far = kHalfPi - (2 * half.high - (kHalfPiLow - 2 * half.low));
  return size <= 0.5 ? x + asin_tail(x) : __builtin_copysign(far, x);
}

ENERGYLENS_INLINE double acos_of(double x) {
  const double size = __builtin_fabs(x);
  const Pair half = half_acos(size);
  const double near = kHalfPi - (x - (kHalfPiLow - asin_tail(x)));
  const double right = 2 * (half.high + half.low);
  const double left = 2 * (kHalfPi - (half.high - (kHalfPiLow - half.low)));
  return size <= 0.5 ? near : (x > 0 ? right : left);
}

}  // namespace
}  // namespace energylens::expr
