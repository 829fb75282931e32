// SPDX-License-Identifier: Apache-2.0
#include "powercap/fit.hpp"

#include <gtest/gtest.h>

#include "energylens/table/table.hpp"
#include "powercap/sweeps.hpp"

namespace energylens::powercap {
namespace {

Curve fitted(const std::vector<Sweep>& all) {
  std::vector<const Sweep*> pointers;
  for (const Sweep& one : all) pointers.push_back(&one);
  return fit_curve(pointers, 400);
}

TEST(Fit, RecoversTheThreeNumbers) {
  const Curve truth = known_curve();
  const Curve found = fitted({sweep_of(truth, 390, caps(), "a"), sweep_of(truth, 300, caps(), "b"),
                              sweep_of(truth, 250, caps(), "c")});
  EXPECT_TRUE(found.fitted);
  EXPECT_NEAR(found.static_w, truth.static_w, 0.03 * truth.static_w);
  EXPECT_NEAR(found.knee, truth.knee, 0.02 * truth.knee);
  EXPECT_NEAR(found.exponent, truth.exponent, 0.02 * truth.exponent);
  EXPECT_NEAR(found.cap_use, 1, 1e-6);
  EXPECT_LT(found.residual_sd, 0.01);
}

TEST(Fit, ReadsHowMuchOfTheCapTheMeterShows) {
  Curve truth = known_curve();
  truth.cap_use = 0.76;
  const Curve found = fitted({sweep_of(truth, 290, caps(), "a"), sweep_of(truth, 250, caps(), "b")});
  EXPECT_NEAR(found.cap_use, 0.76, 0.01);
  EXPECT_NEAR(found.knee, truth.knee, 0.03);
}

TEST(Fit, TwoCapsNarrowThePrior) {
  const Curve truth = known_curve(), two = fitted({sweep_of(truth, 390, {200, 400}, "a")});
  const auto error = [&](const Curve& curve) {
    return std::abs(std::log(at_cap(curve, 390, 150).energy / at_cap(truth, 390, 150).energy));
  };
  EXPECT_LT(error(two), 0.05);
  EXPECT_LT(at_cap(two, 390, 150).log_sd_energy, at_cap(prior_curve(400), 390, 150).log_sd_energy);
}

TEST(Fit, OneRowFarOffPullsLittle) {
  const Curve truth = known_curve();
  std::vector<Sweep> all = {sweep_of(truth, 390, caps(), "a"), sweep_of(truth, 300, caps(), "b")};
  all[0].points[5].energy_j *= 3;
  EXPECT_NEAR(fitted(all).knee, truth.knee, 0.04);
}

// A table of three caps, in which the cap is the only difference of the groups.
constexpr std::string_view kTable =
    "model,gpu,power_limit_w,row_kind,batch,isl,osl,total_energy_j,total_time_s,avg_power_w\n"
    "m,TestGPU,200,job,1,100,50,100,1,100\n"
    "m,TestGPU,200,job,1,100,150,300,3,100\n"
    "m,TestGPU,300,job,1,100,100,240,1.6,150\n"
    "m,TestGPU,400,job,1,100,100,300,1.5,200\n"
    "m,OtherGPU,400,job,1,100,100,300,1.5,200\n";

TEST(Sweeps, AreRowsThatDifferInTheCapAlone) {
  const std::vector<table::Group> groups = table::groups(table::parse_csv(kTable, "caps.csv"));
  const std::vector<Sweep> all = sweeps(groups);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].gpu, "TestGPU");
  ASSERT_EQ(all[0].points.size(), 3u);
  EXPECT_EQ(all[0].points[0].cap_w, 200);
  EXPECT_DOUBLE_EQ(all[0].points[0].energy_j, 2);  // over both rows
  EXPECT_DOUBLE_EQ(all[0].points[0].time_s, 0.02);
  EXPECT_DOUBLE_EQ(all[0].points[2].power_w, 200);
}

TEST(Joined, GroupsOfOneFamilyBecomeOneAtTheGreatestCap) {
  const std::vector<table::Group> groups = table::groups(table::parse_csv(kTable, "caps.csv"));
  const std::vector<GpuCurve> curves = fit_curves(sweeps(groups));
  ASSERT_EQ(curves.size(), 1u);
  const std::vector<table::Group> together = joined(groups, curves);
  ASSERT_EQ(together.size(), 2u);
  const table::Group& group = together[0].identity["gpu"] == "TestGPU" ? together[0] : together[1];
  EXPECT_EQ(group.identity["power_limit_w"], "400");
  ASSERT_EQ(group.rows.size(), 4u);
  // Each row has the energy that it would have had at the greatest cap.
  const Factors factors = at_cap(curves[0].curve, 200, 200);
  for (const table::Row& row : group.rows) {
    if (row.config.load.osl == 50) {
      EXPECT_DOUBLE_EQ(row.results.total_energy_j, 100 / factors.energy);
    }
    if (row.config.load.osl == 150) {
      EXPECT_DOUBLE_EQ(row.results.total_time_s, 3 / factors.time);
    }
  }
  EXPECT_EQ(joined(groups, {}).size(), groups.size());
}

}  // namespace
}  // namespace energylens::powercap
