// SPDX-License-Identifier: Apache-2.0
#include "parametric/transfer/population.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace energylens::parametric {
namespace {

constexpr std::size_t K = kParameters;

Member member(const char* vendor, const char* gpu, const char* model) {
  return {{vendor, gpu, model, "engine", "dense", "workload ", "plain"}, {25, 26, 28, 34, 6}};
}

/// A fit that determines every coordinate to `sd`.
MemberFit exact(const Member& who, double at, double sd = 0.01) {
  MemberFit fit{who, {}, std::vector<double>(K * K, 0.0), {}};
  fit.mean.fill(at);
  for (std::size_t j = 0; j < K; ++j) fit.covariance[j * K + j] = sd * sd;
  return fit;
}

PopulationNormal told(const std::vector<MemberFit>& fits, const Member& target) {
  return population_normal(fits, target, Metric::energy, Population::job);
}

double variance(const PopulationNormal& normal, std::size_t j) {
  return normal.covariance[j * K + j];
}

TEST(Population, RepeatsTheFitOfTheSameSystem) {
  const Member same = member("NVIDIA", "H100", "Llama");
  const PopulationNormal normal = told({exact(same, 0.5)}, same);
  for (std::size_t j = 0; j < K; ++j) EXPECT_NEAR(normal.mean[j], 0.5, 1e-9);
  EXPECT_LT(variance(normal, B1), 0.3 * 0.3) << "what a group has of its own, twice";
}

TEST(Population, IsLessCertainTheLessTheTargetHasInCommon) {
  const std::vector<MemberFit> fits{exact(member("NVIDIA", "H100", "Llama"), 0.5),
                                    exact(member("NVIDIA", "H100", "Qwen"), 0.6),
                                    exact(member("NVIDIA", "A100", "Llama"), 0.4)};
  const double same = variance(told(fits, member("NVIDIA", "H100", "Llama")), B0);
  const double model = variance(told(fits, member("NVIDIA", "H100", "Gemma")), B0);
  const double gpu = variance(told(fits, member("NVIDIA", "B200", "Gemma")), B0);
  const double vendor = variance(told(fits, member("AMD", "MI300X", "Gemma")), B0);
  EXPECT_LT(same, model);
  EXPECT_LT(model, gpu);
  EXPECT_LT(gpu + 0.05, vendor);
}

TEST(Population, LeansOnTheGroupsThatAreLikeTheTarget) {
  const std::vector<MemberFit> fits{exact(member("NVIDIA", "H100", "Llama"), 1.0),
                                    exact(member("AMD", "MI300X", "Llama"), 0.0)};
  EXPECT_GT(told(fits, member("NVIDIA", "H100", "Qwen")).mean[B1], 0.55);
  EXPECT_LT(told(fits, member("AMD", "MI300X", "Qwen")).mean[B1], 0.45);
}

TEST(Population, ManyFitsLeaveWhatIsTheTargetsOwn) {
  std::vector<MemberFit> fits;
  for (const char* model : {"a", "b", "c", "d", "e", "f", "g", "h"})
    fits.push_back(exact(member("NVIDIA", "H100", model), 0.5));
  const Member target = member("NVIDIA", "H100", "z");
  const double one = variance(told({fits.front()}, target), B0), many = variance(told(fits, target), B0);
  EXPECT_LT(many, 0.75 * one);
  EXPECT_GT(many, 0.01);
}

TEST(Population, UncertainFitsAndUnknownFiguresTellLess) {
  const Member source = member("NVIDIA", "H100", "Llama"), target = member("NVIDIA", "H100", "Qwen");
  const double exactly = variance(told({exact(source, 0.5)}, target), B0);
  EXPECT_GT(variance(told({exact(source, 0.5, 0.5)}, target), B0), exactly + 0.2);
  MemberFit unknown = exact(source, 0.5);
  unknown.unknown_figures.fill(1);
  EXPECT_GT(variance(told({unknown}, target), B0), exactly + 0.9);
}

TEST(Population, LikenessIsOneForTheSameAndFallsWithEveryDifference) {
  const Member same = member("NVIDIA", "H100", "Llama");
  const auto like = [&](const Member& other) {
    return likeness(same, other, Metric::energy, Population::job);
  };
  EXPECT_NEAR(like(same), 1, 1e-12);
  EXPECT_LT(like(member("NVIDIA", "H100", "Qwen")), 1);
  EXPECT_LT(like(member("NVIDIA", "A100", "Qwen")), like(member("NVIDIA", "H100", "Qwen")));
  EXPECT_LT(like(member("AMD", "MI300X", "Qwen")), like(member("NVIDIA", "A100", "Qwen")));
}

}  // namespace
}  // namespace energylens::parametric
