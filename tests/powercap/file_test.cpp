// SPDX-License-Identifier: Apache-2.0
#include "powercap/file.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"
#include "powercap/sweeps.hpp"

namespace energylens::powercap {
namespace {

TEST(File, CurvesAreReadAsTheyWereWritten) {
  Curve curve = known_curve();
  curve.fitted = true;
  curve.cap_use = 0.77;
  curve.residual_sd = 0.04;
  curve.covariance[1] = 0.01;
  io::Json model = io::Json::object({{"kind", "law"}});
  add_curves(model, std::vector<GpuCurve>{{"TestGPU", curve, 3, 39}});
  const std::vector<GpuCurve> read = curves_from(io::parse_json(io::print_json(model), "model.json"));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].gpu, "TestGPU");
  EXPECT_EQ(read[0].curve.static_w, curve.static_w);
  EXPECT_EQ(read[0].curve.exponent, curve.exponent);
  EXPECT_EQ(read[0].curve.cap_use, curve.cap_use);
  EXPECT_EQ(read[0].curve.covariance, curve.covariance);
  EXPECT_EQ(read[0].curve.residual_sd, curve.residual_sd);
  EXPECT_TRUE(read[0].curve.fitted);
  EXPECT_EQ(read[0].points, 39u);
}

TEST(File, OlderFilesHaveNoCurves) {
  EXPECT_TRUE(curves_from(io::Json::object({{"kind", "law"}})).empty());
  io::Json model = io::Json::object({{"kind", "law"}});
  add_curves(model, {});
  EXPECT_EQ(model.find("power_caps"), nullptr);
}

TEST(File, NumbersThatCannotBeAreRefused) {
  io::Json model = io::Json::object({});
  Curve curve = known_curve();
  curve.knee = -1;
  add_curves(model, std::vector<GpuCurve>{{"TestGPU", curve, 1, 2}});
  EXPECT_THROW(curves_from(io::parse_json(io::print_json(model), "model.json")), Error);
}

TEST(File, AGpuWithoutACurveGetsThePriorOfItsTdp) {
  const std::vector<GpuCurve> curves = {{"TestGPU", known_curve(), 3, 39}};
  EXPECT_EQ(curve_of(curves, "TestGPU", 700).curve.static_w, 62);
  EXPECT_EQ(curve_of(curves, "Other", 700).curve.static_w, prior_curve(700).static_w);
  EXPECT_FALSE(known(curve_of(curves, "Other", kUnknown).curve.static_w));
}

}  // namespace
}  // namespace energylens::powercap
