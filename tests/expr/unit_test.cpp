// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/unit.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"

namespace energylens {
namespace {

TEST(Unit, IsReadAndWritten) {
  for (const char* text :
       {"1", "J", "W", "s", "1/s", "J/token", "J/(token request)", "byte/s", "flop/s", "W/gpu", "J^2",
        "J^(1/2)", "1/s^2", "byte^(2/3) token/(J^(1/3) gpu^2)", "J s", "J/s^2"}) {
    EXPECT_EQ(unit_text(parse_unit(text)), text);
  }
}

TEST(Unit, HasOneMeaningHoweverItIsWritten) {
  EXPECT_EQ(parse_unit("J/s"), parse_unit("W"));
  EXPECT_EQ(parse_unit("W s"), parse_unit("J"));
  EXPECT_EQ(parse_unit(" J * s ^ -1 "), parse_unit("W"));
  EXPECT_EQ(parse_unit("J/token/request"), parse_unit("J/(token*request)"));
  EXPECT_EQ(parse_unit("tokens/requests"), parse_unit("token/request"));
  EXPECT_EQ(parse_unit("J^0"), Unit());
  EXPECT_EQ(parse_unit("J^-1"), parse_unit("1/J"));
  EXPECT_EQ(parse_unit("(J^(1/3))^3"), parse_unit("J"));
  EXPECT_FALSE(parse_unit("token") == parse_unit("request"));
}

TEST(Unit, ComputesExactlyWithFractions) {
  const Unit joule = Unit::base(Dimension::joule);
  for (int n = 1; n <= 10; ++n) {
    Unit product;
    for (int i = 0; i < n; ++i) product = product * power(joule, 1.0 / n);
    EXPECT_EQ(product, joule) << n;
    EXPECT_EQ(power(power(joule, 1.0 / n), n), joule) << n;
  }
  EXPECT_TRUE((joule / joule).dimensionless());
  EXPECT_EQ(power(joule, 0), Unit());
}

TEST(Unit, KnowsSimpleExponents) {
  EXPECT_EQ(simple_exponent(2), 2);
  EXPECT_EQ(simple_exponent(1 / 3. + 1e-12), simple_exponent(1 / 3.));
  EXPECT_EQ(simple_exponent(0.537), std::nullopt);
  EXPECT_EQ(simple_exponent(1e300), std::nullopt);
}

struct Refused {
  const char* text;
  const char* message;
};
class RefusedUnit : public ::testing::TestWithParam<Refused> {};
TEST_P(RefusedUnit, NamesTheCharacter) {
  try {
    static_cast<void>(parse_unit(GetParam().text));
    FAIL() << GetParam().text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    EXPECT_STREQ(error.what(), GetParam().message);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Unit, RefusedUnit,
    ::testing::Values(
        Refused{"", "unit:1:1: a unit is missing"}, Refused{"J/", "unit:1:3: a unit is missing"},
        Refused{"kJ", "unit:1:1: \"kJ\" is not a unit"}, Refused{"J 2", "unit:1:3: \"2\" is not a unit"},
        Refused{"J/µs", "unit:1:3: \"µ\" is not a unit"}, Refused{"J/kWh", "unit:1:3: \"kWh\" is not a unit"},
        Refused{"(J", "unit:1:3: ')' is missing"}, Refused{"J)", "unit:1:2: unexpected ')'"},
        Refused{"J^", "unit:1:3: an exponent is missing"},
        Refused{"J^(1/x)", "unit:1:6: an exponent is missing"},
        Refused{"J^(1/0)", "unit:1:8: an exponent is not finite"},
        Refused{"J/token request",
                "unit:1:9: after '/' put a product in parentheses, as in J/(token request)"}));

TEST(Unit, RefusesDeepNestingInsteadOfOverflowing) {
  EXPECT_THROW(parse_unit(std::string(100000, '(')), Error);
}

TEST(Unit, WhatIsWrittenIsReadBack) {
  Rng rng(3);
  for (int i = 0; i < 2000; ++i) {
    Unit unit;
    for (std::size_t d = 0; d < kDimensions; ++d) {
      const double exponent =
          (static_cast<double>(rng.below(13)) - 6) / static_cast<double>(1 + rng.below(10));
      if (rng.below(2) == 0) unit = unit * power(Unit::base(static_cast<Dimension>(d)), exponent);
    }
    EXPECT_EQ(parse_unit(unit_text(unit)), unit) << unit_text(unit);
  }
}

}  // namespace
}  // namespace energylens
