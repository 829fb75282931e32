// SPDX-License-Identifier: Apache-2.0
#include "expr/check_units.hpp"

#include <gtest/gtest.h>

#include "energylens/expr/text.hpp"

namespace energylens::expr {
namespace {

const std::vector<NamedUnit> kUnits{{"e", parse_unit("J")},
                                    {"t", parse_unit("s")},
                                    {"p", parse_unit("W")},
                                    {"isl", parse_unit("token")},
                                    {"tp", Unit()},
                                    {"a", parse_unit("J/token")},
                                    {"alpha", Unit()},
                                    {"weights", parse_unit("byte")},
                                    {"bandwidth", parse_unit("byte/s")}};

const std::vector<std::string> kParameters{"a", "alpha"};

UnitCheck check(const char* text, ConstantUnits constants = ConstantUnits::any) {
  return check_units(parse(text, {kParameters, {}, "formula"}), kUnits, constants);
}

struct Case {
  const char* text;
  const char* outcome;  // the unit, "open", or why not
};
class Units : public ::testing::TestWithParam<Case> {};
TEST_P(Units, PropagateThroughTheTree) {
  const UnitCheck result = check(GetParam().text);
  EXPECT_EQ(result.consistent, result.why.empty());
  const std::string unit = result.unit ? unit_text(*result.unit) : "open";
  EXPECT_EQ(result.consistent ? unit : result.why, GetParam().outcome) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(
    CheckUnits, Units,
    ::testing::Values(
        Case{"e + p*t", "J"}, Case{"e/t", "W"}, Case{"a*isl", "J"}, Case{"a*isl*tp^alpha", "J"},
        Case{"weights/bandwidth", "s"}, Case{"sqrt(e)*sqrt(e)", "J"}, Case{"e^(1/3)*e^0.5*e^(1/6)", "J"},
        Case{"e^-2", "1/J^2"}, Case{"e^2^2", "J^4"}, Case{"isl^0", "1"}, Case{"exp(e/(p*t))", "1"},
        Case{"floor(isl/isl)", "1"}, Case{"step(e)", "1"}, Case{"abs(-e)", "J"}, Case{"min(e, p*t)", "J"},
        Case{"tp^tp", "1"}, Case{"tp^0.537", "1"},
        // free constants take whatever unit fits
        Case{"2", "open"}, Case{"e + 2", "J"}, Case{"3 + t", "s"}, Case{"2*e", "open"}, Case{"e + 2*t", "J"},
        Case{"exp(2*e)", "1"}, Case{"max(0, e)", "J"}, Case{"2^alpha", "open"}, Case{"sqrt(2)", "open"},
        Case{"tp^(2*e)", "1"},
        // what does not fit
        Case{"e + t", "cannot add J and s in e + t"},
        Case{"1 + (e - t)*tp", "cannot subtract J and s in e - t"},
        Case{"min(e, t)", "cannot take the minimum of J and s in min(e, t)"},
        Case{"exp(a)", "cannot take exp of J/token in exp(a)"},
        Case{"log(isl)", "cannot take log of token in log(isl)"},
        Case{"ceil(t)", "cannot take ceil of s in ceil(t)"},
        Case{"tp^isl", "cannot use token as an exponent in tp^isl"},
        Case{"isl^alpha", "cannot raise token to an exponent that is not a constant in isl^alpha"},
        Case{"e^0.537", "cannot raise J to 0.537, which is not an integer or a simple fraction in e^0.537"},
        Case{"e^(1/0)", "cannot raise J to inf, which is not an integer or a simple fraction in e^(1/0)"},
        Case{"e + unknown", "missing unit of unknown"}));

TEST(CheckUnits, TakesNumbersAsPureNumbersIfAsked) {
  const auto strict = [](const char* text) { return check(text, ConstantUnits::dimensionless); };
  EXPECT_EQ(strict("2*e + p*t/3").unit, parse_unit("J"));
  EXPECT_EQ(strict("max(0, e)").unit, parse_unit("J"));
  EXPECT_EQ(strict("e + 2").why, "cannot add J and 1 in e + 2");
  EXPECT_EQ(strict("2").unit, Unit());
}

TEST(CheckUnits, CutsLongFormulasInMessages) {
  std::string text = "e";
  for (int i = 0; i < 100; ++i) text += " + e";
  const std::string why = check((text + " + t").c_str()).why;
  EXPECT_LT(why.size(), 130u);
  EXPECT_TRUE(why.ends_with("...")) << why;
}

}  // namespace
}  // namespace energylens::expr
