// SPDX-License-Identifier: Apache-2.0
// The fast path of terms.cpp and the expression are one law.
#include "parametric/formula.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "energylens/expr/text.hpp"
#include "expr/check_units.hpp"
#include "expr/program.hpp"
#include "parametric/law/random_law.hpp"
#include "parametric/law/terms.hpp"

namespace energylens::parametric {
namespace {

const std::vector<std::string> kVariables{"tp", "pp", "batch", "isl", "osl", "capacity"};

std::vector<std::string> parameter_names() {
  std::vector<std::string> out;
  for (const ParameterInfo& info : parameter_infos()) out.emplace_back(info.name);
  return out;
}

double value(const expr::Expr& formula, const Parameters& parameters, const table::Configuration& config) {
  const table::Load& load = config.load;
  const std::vector<double> point{static_cast<double>(config.layout.tp),
                                  static_cast<double>(config.layout.pp),
                                  load.batch,
                                  load.isl,
                                  load.osl,
                                  config.kv_capacity_tokens};
  return expr::Program(formula, kVariables, parameter_names()).evaluate(point, parameters);
}

struct Case {
  Parameters parameters;
  Reading reading;
  table::Configuration config;

  explicit Case(Rng& rng) : parameters(random_parameters(rng)), config(random_job(rng)) {
    reading.facts = random_facts(rng);
    reading.isl_known = rng.below(3) != 0;
    reading.metric = rng.below(2) == 0 ? Metric::energy : Metric::time;
  }
  /// The fast path; rows without isl keep it blank.
  double fast() const {
    table::Configuration seen = config;
    if (!reading.isl_known) seen.load.isl = kUnknown;
    return evaluate(parameters, terms(seen, reading)).total();
  }
};

RC_GTEST_PROP(Formula, OneWaveAgreesWithTheFastPath, (std::uint64_t seed)) {
  Rng rng(seed);
  const Case c(rng);
  const double slow =
      value(one_wave_formula(c.reading.facts, c.reading.isl_known, c.reading.metric), c.parameters, c.config);
  RC_ASSERT(std::abs(slow - c.fast()) <= 1e-12 * slow);
}

RC_GTEST_PROP(Formula, AJobInWavesAgreesWithTheFastPath, (std::uint64_t seed)) {
  Rng rng(seed);
  Case c(rng);
  c.config.kv_capacity_tokens = random_capacity(c.config.load, rng);
  const double slow =
      value(job_formula(c.reading.facts, c.reading.isl_known, c.reading.metric), c.parameters, c.config);
  RC_ASSERT(std::abs(slow - c.fast()) <= 1e-12 * slow);
}

TEST(Formula, FullWavesLeaveNoRemainder) {
  Rng rng(1);
  Case c(rng);
  c.reading = {};
  c.config.load.isl = 100, c.config.load.osl = 28;
  c.config.load.batch = 12;
  c.config.kv_capacity_tokens = 4 * 128;
  const double jobs = value(job_formula({}, true, Metric::energy), c.parameters, c.config);
  c.config.load.batch = 4;
  EXPECT_NEAR(jobs / (3 * value(one_wave_formula({}, true, Metric::energy), c.parameters, c.config)), 1,
              1e-13);
}

TEST(Formula, NamesItsTwelveParametersAndItsVariables) {
  for (const bool isl_known : {true, false}) {
    const expr::Expr formula = one_wave_formula({}, isl_known, Metric::energy);
    std::vector<std::string> parameters = formula.parameters();  // in the order of the text
    std::sort(parameters.begin(), parameters.end());
    EXPECT_EQ(parameters, parameter_names());
    const std::vector<std::string> variables = formula.variables();
    EXPECT_EQ(std::count(variables.begin(), variables.end(), "isl"), isl_known ? 1 : 0);
    EXPECT_EQ(std::count(variables.begin(), variables.end(), "capacity"), 0);
  }
}

TEST(Formula, ReadsBackAsItself) {
  Rng rng(3);
  for (int i = 0; i < 20; ++i) {
    const Case c(rng);
    const std::vector<std::string> names = parameter_names();
    const expr::Expr formula = job_formula(c.reading.facts, c.reading.isl_known, c.reading.metric);
    EXPECT_EQ(expr::parse(expr::print(formula), {.parameters = names, .variables = {}, .source = "test"}),
              formula);
  }
}

/// The variables of the formula are pure numbers, so a count of tokens in a parameter's unit is one too.
Unit counted(std::string_view text) {
  const Unit unit = parse_unit(text);
  return unit / power(Unit::base(Dimension::token), unit.exponent(Dimension::token));
}

TEST(Formula, UnitsAreConsistent) {
  for (const Metric metric : predictor::kMetrics) {
    std::vector<expr::NamedUnit> units;
    for (const std::string& variable : kVariables) units.push_back({variable, Unit()});
    for (std::size_t j = 0; j < kParameters; ++j) {
      units.push_back({parameter_names()[j], counted(parameter_unit(j, metric))});
    }
    predictor::Facts experts;
    experts.expert_share = 0.25;
    experts.always_read_share = 0.3;
    for (const predictor::Facts& facts : {predictor::Facts{}, experts}) {
      for (const bool isl_known : {true, false}) {
        for (const expr::Expr& formula :
             {one_wave_formula(facts, isl_known, metric), job_formula(facts, isl_known, metric)}) {
          const expr::UnitCheck check = expr::check_units(formula, units, expr::ConstantUnits::dimensionless);
          EXPECT_TRUE(check.consistent) << check.why;
          ASSERT_TRUE(check.unit);
          EXPECT_EQ(unit_text(*check.unit), metric == Metric::energy ? "J" : "s");
        }
      }
    }
  }
}

TEST(Formula, AWrongUnitIsFound) {
  std::vector<expr::NamedUnit> units;
  for (const std::string& variable : kVariables) units.push_back({variable, Unit()});
  for (std::size_t j = 0; j < kParameters; ++j) {
    units.push_back(
        {parameter_names()[j], counted(parameter_unit(j, j == B7 ? Metric::time : Metric::energy))});
  }
  EXPECT_FALSE(expr::check_units(one_wave_formula({}, true, Metric::energy), units).consistent);
}

}  // namespace
}  // namespace energylens::parametric
