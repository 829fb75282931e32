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

table::Configuration on(int tp, int pp) {
  table::Configuration config;
  config.layout = {tp, pp, 1, 1};
  return config;
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
  EXPECT_EQ(step_share(none, 5, true), 1);
}

TEST(StepShare, IsTheShareOfExpertsThatRandomTokensTouch) {
  Facts facts;
  facts.expert_share = 2.0 / 8;
  facts.always_read_share = 0.1;
  EXPECT_DOUBLE_EQ(step_share(facts, 1, true), 0.1 + 0.9 * 0.25);
  EXPECT_DOUBLE_EQ(step_share(facts, 2, true), 0.1 + 0.9 * (1 - 0.75 * 0.75));
  EXPECT_NEAR(step_share(facts, 1000, true), 1, 1e-12);
  EXPECT_EQ(step_share(Facts(), 1, true), 1);
  EXPECT_EQ(step_share(Facts(), 300, false), 1);
}

TEST(StepShare, HasAFixedPartThatCostsTimeAlone) {
  Facts facts;
  facts.expert_share = 2.0 / 8;
  facts.always_read_share = 0.1;
  facts.fixed_time_share = 0.5;
  EXPECT_DOUBLE_EQ(always_spent_share(facts, false), 0.5 + 0.5 * 0.1);
  EXPECT_DOUBLE_EQ(step_share(facts, 1, false), 0.55 + 0.45 * 0.25);
  EXPECT_DOUBLE_EQ(always_spent_share(facts, true), 0.1);
  EXPECT_NEAR(step_share(facts, 1000, true), 1, 1e-12);
}

TEST(Facts, OnlyMixturesHaveAFixedPart) {
  EXPECT_EQ(builtin_facts(identity("Llama-3.1-70B", "H800-80GB", "FP16")).fixed_time_share, 0);
  EXPECT_EQ(builtin_facts(identity("Qwen/Qwen3-30B-A3B-Instruct-2507", "H100-80GB-SXM", "bfloat16"))
                .fixed_time_share,
            0.3);
}

TEST(Capacity, TheColumnWinsThenTheFlagThenTheCatalogue) {
  const Facts facts = builtin_facts(identity("Llama-3.1-70B", "H800-80GB", "FP16"));
  table::Configuration config = on(8, 1);
  EXPECT_EQ(kv_capacity(config, facts).source, "catalogue");
  EXPECT_EQ(kv_capacity(config, facts, 1000).source, "flag");
  EXPECT_EQ(kv_capacity(config, facts, 1000).tokens, 1000);
  config.kv_capacity_tokens = 500;
  EXPECT_EQ(kv_capacity(config, facts, 1000).tokens, 500);
  EXPECT_EQ(kv_capacity(config, facts, 1000).source, "column");
}

// Capacities that show as steps in public measurements on H800.
TEST(Capacity, EstimateMeetsWhatH800Shows) {
  const Facts fp16 = builtin_facts(identity("Llama-3.1-70B", "H800-80GB", "FP16"));
  EXPECT_NEAR(kv_capacity(on(2, 1), fp16).tokens, 55e3, 0.15 * 55e3);
  EXPECT_NEAR(kv_capacity(on(8, 1), fp16).tokens, 1.25e6, 0.15 * 1.25e6);
  const Facts fp8 = builtin_facts(identity("Llama-3.1-70B", "H800-80GB", "FP8", "fp8"));
  EXPECT_NEAR(kv_capacity(on(2, 1), fp8).tokens, 508e3, 0.05 * 508e3);
  EXPECT_NEAR(kv_capacity(on(8, 1), fp8).tokens, 2.96e6, 0.15 * 2.96e6);
}

TEST(Capacity, IsZeroWhereWeightsDoNotFitAndUnlimitedWithoutKv) {
  const Facts large = builtin_facts(identity("Llama-3-70B", "RTX4090", "FP16"));
  EXPECT_EQ(kv_capacity(on(1, 1), large).tokens, 0);
  EXPECT_EQ(kv_capacity(on(1, 1), large).source, "catalogue");
  const Facts state_space = builtin_facts(identity("mamba2-2.7b", "RTX4090", "FP16"));
  EXPECT_EQ(kv_capacity(on(1, 1), state_space).source, "unlimited");
  EXPECT_EQ(kv_capacity(on(1, 1), Facts()).source, "unlimited");
  EXPECT_FALSE(known(kv_capacity(on(1, 1), Facts()).tokens));
}

}  // namespace
}  // namespace energylens::predictor
