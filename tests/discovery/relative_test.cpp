// SPDX-License-Identifier: Apache-2.0
// Counts as dimensions, and real exponents of them over a frozen mean.
#include "search/normalised_inputs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discovery/measurements.hpp"
#include "energylens/core/error.hpp"
#include "search/samples.hpp"
#include "synthetic_group.hpp"

namespace energylens::discovery {
namespace {

using namespace search;

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Problem with_relatives(double noise = 0) {
  Problem p = sample_problem("2*(x/2.5)^0.7*y + 3*z", {{"x", "token"}, {"y"}, {"z"}}, "J", 60, noise);
  add_normalised_inputs(p);
  return p;
}

Options in_joules() {
  Options o = small_search(5000);
  o.loss = Loss::log_error;
  o.real_exponents = true;
  o.positive_coefficients = true;
  o.constant_units = {parse_unit("J")};
  return o;
}

TEST(Relatives, AreOfWhatHasAUnitAndIsPositive) {
  Problem p = sample_problem("x + y", {{"x", "token"}, {"y"}, {"z", "request", 0, 1}});
  p.inputs[2].values[3] = 0;
  add_normalised_inputs(p);
  ASSERT_EQ(p.inputs.size(), 4u);
  const Input& relative = p.inputs.back();
  EXPECT_EQ(relative.name, "x_rel");
  EXPECT_TRUE(relative.unit.dimensionless());
  double sum = 0;
  for (std::size_t i = 0; i < p.points(); ++i) {
    EXPECT_DOUBLE_EQ(relative.values[i] * relative.reference, p.inputs[0].values[i]);
    sum += std::log(relative.values[i]);
  }
  EXPECT_NEAR(sum / static_cast<double>(p.points()), 0, 5e-3) << "the mean, to three digits";
  EXPECT_NEAR(relative.reference * 100, std::round(relative.reference * 100), 1e-9);
}

TEST(Relatives, LetACountWithAUnitHaveARealExponent) {
  const Problem p = with_relatives();
  const Front front = ::energylens::search::search(p, in_joules());
  EXPECT_LT(front.chosen().loss, 1e-9) << front.chosen().text();
  const std::vector<double> said = predict(front.chosen(), p);
  for (std::size_t i = 0; i < p.rows(); ++i) EXPECT_NEAR(said[i], p.target[i], 1e-3 * p.target[i]);
}

TEST(Relatives, AreWrittenOutInFormulas) {
  const Front front = ::energylens::search::search(with_relatives(0.02), in_joules());
  bool used = false;
  for (const Formula& f : front.formulas) {
    EXPECT_THAT(f.expr.variables(), Not(Contains("x_rel"))) << f.text();
    used = used || f.text().find("x/3.") != std::string::npos;
  }
  EXPECT_TRUE(used);
}

TEST(Relatives, MoveAlongWhereAFormulaMustRise) {
  Options o = in_joules();
  o.evaluations = 1500;
  o.rising = {"x"};
  const Problem p = with_relatives(0.05);
  Problem larger = p;
  for (const std::size_t column : {0, 3}) {
    for (double& v : larger.inputs[column].values) v *= 1.02;
  }
  for (const Formula& f : ::energylens::search::search(p, o).formulas) {
    const std::vector<double> before = predict(f, p), after = predict(f, larger);
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_GE(after[i], before[i] * (1 - 1e-7)) << f.text();
  }
}

TEST(Tags, GiveCountsUnitsAndCoefficientsWhatTheyArePer) {
  const table::Group group = synthetic::smooth_group();
  MeasurementOptions options;
  options.form = "prefill(batch, isl) + osl*decode(batch, tp, L)";
  options.tags = checked_tags({"tokens", "requests"});
  const Measurements data = measurements(std::span(&group, 1), options);
  const auto input = [&](const char* name) {
    return *std::ranges::find(data.problem.inputs, std::string(name), &Input::name);
  };
  EXPECT_EQ(input("isl").unit, parse_unit("token"));
  EXPECT_EQ(input("batch").unit, parse_unit("request"));
  EXPECT_TRUE(input("tp").unit.dimensionless()) << "not asked for";
  EXPECT_EQ(input("batch_rel").normalised_from, "batch");
  const Options search = measurement_options(data);
  EXPECT_THAT(search.constant_units, Contains(parse_unit("J/(token^2 request)")));
  EXPECT_THAT(search.constant_units, Not(Contains(parse_unit("J/gpu"))));
  EXPECT_EQ(search.coefficients, Scope::per_group) << "counts are no published figures";
  EXPECT_THROW(checked_tags({"kilos"}), Error);
}

TEST(Tags, FormulasKeepToTheUnits) {
  const table::Group group = synthetic::smooth_group();
  MeasurementOptions options;
  options.form = "prefill(batch, isl) + osl*decode(batch, tp, L)";
  options.tags = {"tokens", "requests"};
  const Measurements data = measurements(std::span(&group, 1), options);
  Options o = measurement_options(data);
  o.evaluations = 400;
  o.max_complexity = 24;
  o.time_limit_s = 1e9;
  o.islands = 4;
  const Front front = ::energylens::search::search(data.problem, o);
  EXPECT_LT(std::sqrt(front.chosen().loss), 0.1) << front.chosen().text();
  for (const Formula& f : front.formulas) {
    for (const Constant& c : f.constants) {
      const bool listed = std::ranges::find(o.constant_units, c.unit) != o.constant_units.end();
      EXPECT_TRUE(listed || c.unit.dimensionless()) << f.text() << ": " << unit_text(c.unit);
    }
  }
}

}  // namespace
}  // namespace energylens::discovery
