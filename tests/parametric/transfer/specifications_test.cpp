// SPDX-License-Identifier: Apache-2.0
#include "parametric/transfer/specifications.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "energylens/parametric/transfer.hpp"

namespace energylens::parametric {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

table::GroupIdentity named(const std::string& model, const std::string& gpu, const std::string& quant) {
  table::GroupIdentity identity;
  identity.key = {{"model", model}, {"gpu", gpu}, {"quant", quant}};
  return identity;
}

predictor::Facts figures(const table::GroupIdentity& identity) {
  return predictor::facts(identity, hardware::Catalogue::builtin());
}

const table::GroupIdentity kRtx = named("Llama-3-70B", "RTX4090", "FP16");

PriorSource moved_to(const table::GroupIdentity& target, Metric metric = Metric::energy) {
  return moved_by_specifications({kRtx, figures(kRtx)}, {target, figures(target)}, metric);
}

TEST(Specifications, AGroupIsItselfByTheRatioOne) {
  const PriorSource same = moved_to(kRtx);
  for (const double ratio : same.ratios) EXPECT_EQ(ratio, 1);
  EXPECT_TRUE(same.unknown.empty());
}

TEST(Specifications, AnotherGpuScalesReadingByBandwidthAndWorkByPeak) {
  const table::GroupIdentity target = named("Llama-3-70B", "H800-80GB", "FP16");
  const PriorSource joules = moved_to(target), seconds = moved_to(target, Metric::time);
  const double power = 700.0 / 450, bandwidth = 3350.0 / 1008, peak = 989.5 / 165.2, link = 200.0 / 32;
  for (const std::size_t reading : {A0, B0, B7}) {
    EXPECT_NEAR(joules.ratios[reading], power / bandwidth, 1e-9);
    EXPECT_NEAR(seconds.ratios[reading], 1 / bandwidth, 1e-9);
  }
  for (const std::size_t work : {A1, B3}) {
    EXPECT_NEAR(joules.ratios[work], power / peak, 1e-9);
    EXPECT_NEAR(seconds.ratios[work], 1 / peak, 1e-9);
  }
  for (const std::size_t traffic : {A2, B5}) EXPECT_NEAR(joules.ratios[traffic], peak / link, 1e-9);
  for (const std::size_t kept : {A3, B1, B2, B4, B6}) EXPECT_EQ(joules.ratios[kept], 1);
}

TEST(Specifications, AQuantisationScalesWeightsAndArithmeticButNotTheCache) {
  const PriorSource joules = moved_to(named("Llama-3-70B", "RTX4090", "FP8"));
  EXPECT_NEAR(joules.ratios[B0], 0.5, 1e-9);
  EXPECT_NEAR(joules.ratios[B3], 165.2 / 330.3, 1e-9);
  EXPECT_NEAR(joules.ratios[B5], 330.3 / 165.2, 1e-9);
  EXPECT_EQ(joules.ratios[B7], 1) << "the cache stays in 16 bits unless the label tells";
}

TEST(Specifications, AModelScalesByItsSizes) {
  const PriorSource joules = moved_to(named("Llama-3-8B", "RTX4090", "FP16"));
  const double size = 8.0303 / 70.554;
  EXPECT_NEAR(joules.ratios[B0], size, 1e-4);
  EXPECT_NEAR(joules.ratios[B3], size, 1e-4);
  EXPECT_NEAR(joules.ratios[B5], std::pow(size, -1.0 / 3), 1e-3);
  EXPECT_NEAR(joules.ratios[B7], 131072.0 / 327680, 1e-9);
}

TEST(Specifications, AnUnknownFigureIsNamedAndCountsAsEqual) {
  const table::GroupIdentity target = named("Llama-3-70B", "X100", "FP16");
  predictor::Facts facts = figures(target);
  facts.gpu_bandwidth_bytes_s = 2 * 1008e9;
  facts.gpu_tdp_w = 450;
  const PriorSource joules = moved_by_specifications({kRtx, figures(kRtx)}, {target, facts}, Metric::energy);
  EXPECT_NEAR(joules.ratios[B0], 0.5, 1e-9);
  EXPECT_EQ(joules.ratios[B3], 1);
  EXPECT_THAT(joules.unknown, UnorderedElementsAre("peak operations", "link bandwidth"));
  const std::array<int, kParameters> unknown =
      unknown_figures({kRtx, figures(kRtx)}, {target, facts}, Metric::energy);
  EXPECT_THAT(unknown, ElementsAre(0, 1, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0));
}

TEST(Specifications, WhatNobodyPublishedIsEqualOnTheSameGpu) {
  const table::GroupIdentity source = named("Llama-3-70B", "X100", "FP16"),
                             target = named("Llama-3-8B", "X100", "FP16");
  const PriorSource moved =
      moved_by_specifications({source, figures(source)}, {target, figures(target)}, Metric::energy);
  EXPECT_TRUE(moved.unknown.empty());
  EXPECT_NEAR(moved.ratios[B0], 8.0303 / 70.554, 1e-4);
}

TEST(Specifications, RulesAreWordedAsTheyAreComputed) {
  EXPECT_EQ(ratio_rule(A0, Metric::energy), "weight bytes / memory bandwidth x power limit");
  EXPECT_EQ(ratio_rule(B3, Metric::time), "active parameters / peak operations");
  EXPECT_EQ(ratio_rule(B5, Metric::energy), "peak operations / link bandwidth / active parameters^(1/3)");
  EXPECT_EQ(ratio_rule(B7, Metric::time), "KV bytes per token / memory bandwidth");
  EXPECT_EQ(ratio_rule(B4, Metric::energy), "") << "an exponent is kept";
}

}  // namespace
}  // namespace energylens::parametric
