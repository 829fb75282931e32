// SPDX-License-Identifier: Apache-2.0
#include "energylens/predictor/facts.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace energylens::predictor {
namespace {

table::GroupIdentity identity(std::string model, std::string gpu, std::string quant,
                              std::string kv_dtype = "") {
  table::GroupIdentity group;
  group.key = {{"model", std::move(model)}, {"gpu", std::move(gpu)}, {"quant", std::move(quant)}};
  if (!kv_dtype.empty()) group.key.emplace_back("kv_dtype", std::move(kv_dtype));
  return group;
}

Facts builtin_facts(const table::GroupIdentity& group) {
  return facts(group, hardware::Catalogue::builtin());
}

TEST(Facts, OfADenseModel) {
  const Facts known_facts = builtin_facts(identity("Llama-3-70B", "RTX4090", "FP16"));
  EXPECT_NEAR(known_facts.params, 70.55e9, 0.05e9);
  EXPECT_EQ(known_facts.active_params, known_facts.params);
  EXPECT_EQ(known_facts.weight_bytes, 2 * known_facts.params);
  EXPECT_EQ(known_facts.kv_bytes_per_token, 327680);
  EXPECT_EQ(known_facts.expert_share, 1);
  EXPECT_EQ(known_facts.gpu_tdp_w, 450);
  EXPECT_EQ(known_facts.gpu_peak_flops, 165.2e12);
  EXPECT_FALSE(known(known_facts.gpu_idle_w));  // not published
}

TEST(Facts, PeakIsThatOfTheTypeComputedIn) {
  EXPECT_EQ(builtin_facts(identity("Llama-3-70B", "RTX4090", "FP8")).gpu_peak_flops, 330.3e12);
  EXPECT_EQ(builtin_facts(identity("Llama-3-70B", "RTX4090", "W4A16KV8")).gpu_peak_flops, 165.2e12);
  EXPECT_FALSE(known(builtin_facts(identity("Llama-3-70B", "A40", "FP8")).gpu_peak_flops));
}

TEST(Facts, OfAMixtureOfExperts) {
  const Facts mixture =
      builtin_facts(identity("Qwen/Qwen3-235B-A22B-Thinking-2507", "H100-80GB-SXM", "bfloat16"));
  EXPECT_EQ(mixture.expert_share, 8.0 / 128);
  EXPECT_NEAR(mixture.always_read_share, 0.034, 0.001);
  EXPECT_NEAR(mixture.active_params / 1e9, 22, 0.5);
}

TEST(Facts, OfAModelThatTheCatalogueDoesNotKnow) {
  table::GroupIdentity group = identity("MyMoE", "my GPU", "fp8");
  group.params_b = 100;
  group.active_params_b = 10;
  group.arch = "moe";
  const Facts own = builtin_facts(group);
  EXPECT_EQ(own.params, 1e11);
  EXPECT_EQ(own.weight_bytes, 1e11);
  EXPECT_EQ(own.expert_share, 0.1);
  EXPECT_EQ(own.always_read_share, 0);
  EXPECT_FALSE(known(own.kv_bytes_per_token));
  EXPECT_FALSE(known(own.gpu_memory_bytes));
  group.arch = "dense";
  EXPECT_EQ(builtin_facts(group).expert_share, 1);
}

TEST(Facts, NothingKnownStaysUnknown) {
  const Facts none = builtin_facts(identity("MyModel", "my GPU", "my label"));
  EXPECT_FALSE(known(none.params));
  EXPECT_FALSE(known(none.weight_bytes));
  EXPECT_FALSE(known(none.gpu_bandwidth_bytes_s));
  EXPECT_EQ(step_share(none, 5, Metric::energy), 1);
}

TEST(StepShare, IsTheShareOfExpertsThatRandomTokensTouch) {
  Facts facts;
  facts.expert_share = 2.0 / 8;
  facts.always_read_share = 0.1;
  EXPECT_DOUBLE_EQ(step_share(facts, 1, Metric::energy), 0.1 + 0.9 * 0.25);
  EXPECT_DOUBLE_EQ(step_share(facts, 2, Metric::energy), 0.1 + 0.9 * (1 - 0.75 * 0.75));
  EXPECT_NEAR(step_share(facts, 1000, Metric::energy), 1, 1e-12);
  EXPECT_EQ(step_share(Facts(), 1, Metric::energy), 1);
  EXPECT_EQ(step_share(Facts(), 300, Metric::time), 1);
}

TEST(StepShare, HasAFixedPartThatCostsTimeAlone) {
  Facts facts;
  facts.expert_share = 2.0 / 8;
  facts.always_read_share = 0.1;
  facts.fixed_time_share = 0.5;
  EXPECT_DOUBLE_EQ(always_spent_share(facts, Metric::time), 0.5 + 0.5 * 0.1);
  EXPECT_DOUBLE_EQ(step_share(facts, 1, Metric::time), 0.55 + 0.45 * 0.25);
  EXPECT_DOUBLE_EQ(always_spent_share(facts, Metric::energy), 0.1);
  EXPECT_NEAR(step_share(facts, 1000, Metric::energy), 1, 1e-12);
}

TEST(Facts, OnlyMixturesHaveAFixedPart) {
  EXPECT_EQ(builtin_facts(identity("Llama-3.1-70B", "H800-80GB", "FP16")).fixed_time_share, 0);
  EXPECT_EQ(builtin_facts(identity("Qwen/Qwen3-30B-A3B-Instruct-2507", "H100-80GB-SXM", "bfloat16"))
                .fixed_time_share,
            0.3);
}

}  // namespace
}  // namespace energylens::predictor
