// SPDX-License-Identifier: Apache-2.0
// What each operator computes, against the C library in long double.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "energylens/core/rng.hpp"
#include "expr/reference.hpp"

namespace energylens::expr {
namespace {

const double kInf = std::numeric_limits<double>::infinity();
const double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kTiny = std::numeric_limits<double>::denorm_min();
const double kMax = std::numeric_limits<double>::max();
const double kMin = std::numeric_limits<double>::min();

// |value - exact| in units of the last place of a double near `exact`; 0 where both are the same special
// value.
double ulps(double value, long double exact) {
  const double rounded = static_cast<double>(exact);
  if (std::isnan(value) || std::isnan(rounded)) return std::isnan(value) == std::isnan(rounded) ? 0 : kInf;
  if (std::isinf(value) || std::isinf(rounded)) return value == rounded ? 0 : kInf;
  const double step = std::nextafter(std::fabs(rounded), kInf) - std::fabs(rounded);
  return static_cast<double>(std::fabs(value - exact) / step);
}

double worst(Op op, double low, double high, double b_low = 0, double b_high = 0) {
  Rng rng(7);
  double most = 0;
  for (int i = 0; i < 200000; ++i) {
    const double a = low + (high - low) * rng.uniform(), b = b_low + (b_high - b_low) * rng.uniform();
    most = std::max(
        most, ulps(applied(op, a, b), applied(op, static_cast<long double>(a), static_cast<long double>(b))));
  }
  return most;
}

TEST(Values, ExpIsWithinOneUlp) {
  EXPECT_LT(worst(Op::exp, -1, 1), 1);
  EXPECT_LT(worst(Op::exp, -708, 709.7), 1);
  EXPECT_LT(worst(Op::exp, -746, -708), 1) << "subnormal results";
}

TEST(Values, LogIsWithinOneUlp) {
  EXPECT_LT(worst(Op::log, 0.5, 2), 1);
  EXPECT_LT(worst(Op::log, 0.999, 1.001), 1);
  EXPECT_LT(worst(Op::log, 0, 1e6), 1);
  EXPECT_LT(worst(Op::log, 0, 1e-307), 1) << "subnormal operands";
  EXPECT_LT(worst(Op::log, 0, kMax), 1);
}

TEST(Values, PowerIsWithinOneUlp) {
  EXPECT_LT(worst(Op::power, 0, 10, -5, 5), 1);
  EXPECT_LT(worst(Op::power, 0.9, 1.1, -5000, 5000), 1);
  EXPECT_LT(worst(Op::power, 0, 1e300, -1, 1), 1);
  EXPECT_LT(worst(Op::power, 1e-300, 1e-290, -1, 1), 1);
  EXPECT_LT(worst(Op::power, 0, kMin, 0, 1), 1);
}

TEST(Values, SineAndCosineAreWithinOneUlp) {
  for (const Op op : {Op::sin, Op::cos}) {
    EXPECT_LT(worst(op, -0.8, 0.8), 1);
    EXPECT_LT(worst(op, -100, 100), 1);
    EXPECT_LT(worst(op, -0x1p20, 0x1p20), 1);
    EXPECT_LT(worst(op, 0x1p20, 0x1p24), 1) << "reduced in whole numbers";
    EXPECT_LT(worst(op, -kMax, 0), 1);
    for (int k = 1; k < 200000; k += 7) {  // next to the zeros
      const double x = k * 1.5707963267948966;
      EXPECT_LT(ulps(applied(op, x, 0.0), applied(op, static_cast<long double>(x), 0.0L)), 1) << k;
    }
  }
}

TEST(Values, SineOfTheDoubleNearestToAMultipleOfPiIsExact) {
  // 6381956970095103 * 2^797 is the double that lies nearest to a multiple of pi/2 (Muller, Elementary
  // Functions).
  const double x = std::ldexp(6381956970095103.0, 797);
  EXPECT_NEAR(applied(Op::cos, x, 0.0), -4.68716592425462761112e-19, 1e-34);
  EXPECT_EQ(std::fabs(applied(Op::sin, x, 0.0)), 1);
}

TEST(Values, TanhAsinAndAcosAreWithinTwoUlps) {
  EXPECT_LT(worst(Op::tanh, -0.7, 0.7), 2);
  EXPECT_LT(worst(Op::tanh, -30, 30), 2);
  for (const Op op : {Op::asin, Op::acos}) {
    EXPECT_LT(worst(op, -1, 1), 2);
    EXPECT_LT(worst(op, 0.999, 1), 2);
    EXPECT_LT(worst(op, -1e-6, 1e-6), 2);
    EXPECT_LT(worst(op, -1.5, 1.5), 2) << "beyond 1";
  }
}

TEST(Values, PowerIsExactWhereTheResultIs) {
  for (double x = -20; x <= 20; ++x) {
    for (int n = 0; n <= 8; ++n) EXPECT_EQ(applied(Op::power, x, n), std::pow(x, n)) << x << '^' << n;
  }
  for (int e = -1074; e <= 1023; ++e) EXPECT_EQ(applied(Op::power, 2.0, e), std::ldexp(1.0, e));
  for (double x = 0; x < 100; ++x) EXPECT_EQ(applied(Op::power, x * x, 0.5), x);
}

TEST(Values, FollowIeee754ForSpecialOperands) {
  const double specials[] = {0.0,
                             -0.0,
                             1,
                             -1,
                             2,
                             -2,
                             3,
                             -3,
                             0.5,
                             -0.5,
                             2.5,
                             -2.5,
                             kInf,
                             -kInf,
                             kNaN,
                             kTiny,
                             -kTiny,
                             kMin,
                             -kMin,
                             kMax,
                             -kMax,
                             710,
                             -746,
                             1e16,
                             -1e16,
                             0x1p53,
                             0x1p53 + 1,
                             0x1p53 - 1,
                             4503599627370495.5,
                             std::nextafter(1.0, 0),
                             std::nextafter(1.0, 2),
                             1e300,
                             -1e300};
  for (const Operator& row : operators()) {
    const double most = row.op == Op::tanh || row.op == Op::asin || row.op == Op::acos ? 2 : 1;
    for (const double a : specials) {
      for (const double b : specials) {
        const double value = row.value(a, b);
        const long double exact = applied(row.op, static_cast<long double>(a), static_cast<long double>(b));
        EXPECT_LT(ulps(value, exact), most) << row.name << ' ' << a << ' ' << b << ": " << value;
        if (value != 0 || row.op != Op::power) continue;
        EXPECT_EQ(std::signbit(value), std::signbit(std::pow(a, b))) << a << ' ' << b;
      }
    }
  }
}

}  // namespace
}  // namespace energylens::expr
