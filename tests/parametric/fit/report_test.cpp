// SPDX-License-Identifier: Apache-2.0
#include "parametric/fit/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/parametric/fit.hpp"
#include "parametric/fit/simulated.hpp"

namespace energylens::parametric {
namespace {

using simulated::Design;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

GroupLaw fitted(const table::Group& group) {
  return fit_law(simulated::all_rows(group), simulated::quick()).laws()[0];
}

TEST(Report, IntervalsHoldTheirValuesAndTheirBounds) {
  const GroupLaw law = fitted(simulated::group({}, 0.1));
  for (const std::optional<LawFit>& target : {law.energy, law.time}) {
    for (std::size_t j = 0; j < kParameters; ++j) {
      const ParameterFit& p = target->intervals[j];
      EXPECT_NEAR(p.value, target->parameters[j], 1e-12 * std::abs(p.value));
      EXPECT_LE(p.lo, p.value);
      EXPECT_GE(p.hi, p.value);
      EXPECT_GE(p.lo, parameter_infos()[j].min);
      EXPECT_LE(p.hi, parameter_infos()[j].max);
    }
  }
}

TEST(Report, FewRowsOneRowAndOneLayoutAreWarnedOf) {
  table::Group group = simulated::group({}, 0.02);
  EXPECT_THAT(fitted(group).warnings, IsEmpty());
  group.rows.resize(3);
  const GroupLaw few = fitted(group);
  EXPECT_THAT(few.warnings, Contains(HasSubstr("only 3 rows")));
  EXPECT_THAT(few.warnings, Contains(HasSubstr("one layout only (tp1)")));
  group.rows.resize(1);
  const GroupLaw one = fitted(group);
  EXPECT_THAT(one.warnings, Contains(HasSubstr("only 1 row")));
  EXPECT_LT(one.energy->rank, 3);
  EXPECT_TRUE(std::isfinite(one.energy->intervals[B0].hi));
}

TEST(Report, TheDomainSpansTheRows) {
  Design design;
  design.layouts = {"tp4pp2", "tp8", "tp4dp2"};
  const Domain domain = fitted(simulated::group(design)).domain;
  ASSERT_EQ(domain.layouts.size(), 3u);
  EXPECT_TRUE(std::is_sorted(domain.layouts.begin(), domain.layouts.end()));
  EXPECT_EQ(domain.batch.min, 0.5);  // one request shared by two replicas
  EXPECT_EQ(domain.batch.max, 64);
  EXPECT_EQ(domain.isl.min, 32);
  EXPECT_EQ(domain.isl.max, 2048);
  EXPECT_EQ(domain.osl.max, 512);
  EXPECT_FALSE(known(domain.image_tokens.min));
}

TEST(Report, ResidualsByLayoutNameTheLayoutThatStraysFromTheLaw) {
  table::Group group = simulated::group({}, 0.01);
  for (table::Row& row : group.rows) {
    if (row.config.layout == table::parse_layout("tp2pp2")) row.results.decode_energy_j *= 1.3;
  }
  const std::vector<LayoutResidual> by_layout = fitted(group).energy->by_layout;
  ASSERT_EQ(by_layout.size(), Design{}.layouts.size());
  std::size_t rows = 0;
  const LayoutResidual* most = &by_layout[0];
  for (const LayoutResidual& r : by_layout) {
    rows += r.rows;
    if (std::abs(r.bias) > std::abs(most->bias)) most = &r;
  }
  EXPECT_EQ(rows, group.rows.size());
  EXPECT_EQ(table::layout_text(most->layout), "tp2pp2");
  EXPECT_GT(most->bias, 0.1);
}

TEST(Report, FallsAreFoundOnEveryAxis) {
  for (const auto& [axis, member] :
       {std::pair{"batch", &table::Load::batch}, std::pair{"isl", &table::Load::isl},
        std::pair{"osl", &table::Load::osl}}) {
    table::Row low = synthetic::job("tp4", 8, {100, 100}, 100, 10), high = low;
    high.config.load.*member *= 2;
    high.results.total_energy_j = 90;
    const std::vector<Fall> falls = fitted(synthetic::group_of({high, low})).energy->falls;
    ASSERT_EQ(falls.size(), 1u) << axis;
    EXPECT_EQ(falls[0].axis, axis);
    EXPECT_EQ(falls[0].from, low.config.load.*member);
    EXPECT_EQ(falls[0].to, high.config.load.*member);
    EXPECT_NEAR(falls[0].drop, 0.1, 1e-12);
  }
}

TEST(Report, ARisingCurveHasNoFalls) {
  EXPECT_THAT(fitted(simulated::group({})).energy->falls, IsEmpty());
}

TEST(Report, CountsRowsAndSaysHowTheSolverEnded) {
  const table::Group group = simulated::group({}, 0.05);
  const GroupLaw law = fitted(group);
  EXPECT_EQ(law.energy->rows, group.rows.size());
  EXPECT_EQ(law.energy->termination, "converged");
  EXPECT_NEAR(law.energy->mape, 0.04, 0.02);
  EXPECT_NEAR(law.energy->effective_parameters, 12, 1);
}

}  // namespace
}  // namespace energylens::parametric
