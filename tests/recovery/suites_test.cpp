// SPDX-License-Identifier: Apache-2.0
// The formulas of every suite can be read, their units fit, and they are finite where they are sampled.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "energylens/core/error.hpp"
#include "expr/check_units.hpp"
#include "recovery/known.hpp"
#include "recovery/sample.hpp"

namespace energylens::recovery {
namespace {

TEST(Suites, HaveTheFormulasThatTheyAreKnownFor) {
  EXPECT_EQ(feynman().size(), 120u);
  EXPECT_EQ(nguyen().size(), 12u);
  EXPECT_EQ(strogatz().size(), 14u);
  EXPECT_EQ(empirical().size(), 9u);
  EXPECT_EQ(energy_laws().size(), 40u);
  EXPECT_THROW(find_suite("feynmann"), Error);
  for (const Suite& suite : suites()) {
    std::set<std::string> names;
    EXPECT_FALSE(suite.source.empty());
    for (const Known& known : suite.problems()) EXPECT_TRUE(names.insert(known.name).second) << known.name;
  }
}

TEST(Suites, UseEveryInputAndNoOther) {
  for (const Suite& suite : suites()) {
    for (const Known& known : suite.problems()) {
      std::set<std::string> inputs, used;
      for (const KnownInput& input : known.inputs)
        EXPECT_TRUE(inputs.insert(input.name).second) << known.name;
      for (const std::string& name : known.expr().variables()) used.insert(name);
      if (suite.name == "energy" || known.name == "van-der-pol-y") {  // these do not depend on everything
        for (const std::string& name : used) EXPECT_TRUE(inputs.contains(name)) << known.name;
      } else {
        EXPECT_EQ(inputs, used) << known.name;
      }
    }
  }
}

TEST(Suites, HaveUnitsThatFit) {
  for (const Known& known : feynman()) {
    std::vector<expr::NamedUnit> units;
    for (const KnownInput& input : known.inputs) units.push_back({input.name, input.unit});
    const expr::UnitCheck check = expr::check_units(known.expr(), units, expr::ConstantUnits::dimensionless);
    EXPECT_TRUE(check.consistent) << known.name << ": " << check.why;
    EXPECT_EQ(check.unit, known.unit) << known.name;
  }
}

TEST(Suites, AreFiniteWhereTheyAreSampled) {
  for (const Suite& suite : suites()) {
    for (const Known& known : suite.problems()) {
      const Sample data = sample(known, 0, 1);
      const std::size_t most = known.relative ? 0 : known.rows / 2;  // asin and roots of what may be negative
      EXPECT_GE(data.training.rows(), known.relative ? known.rows : most) << known.name;
      EXPECT_NO_THROW(search::check(data.training)) << known.name;
    }
  }
}

TEST(Suites, EnergyLawsAreWithinTheirLimits) {
  for (const Known& law : energy_laws()) {
    EXPECT_GE(law.rows / law.groups(), 25u);
    EXPECT_LE(law.rows / law.groups(), 300u);
    EXPECT_LE(law.noise, 0.05);
    for (const double y : sample(law, law.noise, 3).training.target) EXPECT_GT(y, 0) << law.name;
  }
}

TEST(Suites, AreSampledAlikeForASeedAndWithTheNoiseAskedFor) {
  const Known known = feynman()[0];
  const Sample a = sample(known, 0.1, 5), b = sample(known, 0.1, 5), c = sample(known, 0.1, 6);
  EXPECT_EQ(a.training.target, b.training.target);
  EXPECT_NE(a.training.target, c.training.target);
  double noise = 0, mean = 0, spread = 0;
  const double n = static_cast<double>(a.truth.size());
  for (const double y : a.truth) mean += y / n;
  for (std::size_t i = 0; i < a.truth.size(); ++i) {
    noise += std::pow(a.training.target[i] - a.truth[i], 2) / n;
    spread += std::pow(a.truth[i] - mean, 2) / n;
  }
  EXPECT_NEAR(std::sqrt(noise / spread), 0.1, 0.01);
}

TEST(Suites, RefuseUnitsThatAreNotOfPhysics) {
  EXPECT_EQ(physical_unit("kg m^2/s^2"), parse_unit("token byte^2/s^2"));
  EXPECT_THROW(physical_unit("kg mile"), Error);
}

}  // namespace
}  // namespace energylens::recovery
