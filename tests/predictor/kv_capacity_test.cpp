// SPDX-License-Identifier: Apache-2.0
#include "energylens/predictor/kv_capacity.hpp"

#include <gtest/gtest.h>

#include "energylens/predictor/facts.hpp"

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

TEST(Capacity, TheColumnWinsThenTheFlagThenTheCatalogue) {
  const Facts facts = builtin_facts(identity("Llama-3.1-70B", "H800-80GB", "FP16"));
  table::Configuration config = on(8, 1);
  EXPECT_EQ(resolve_kv_capacity(config, {facts}).source, CapacitySource::catalogue);
  EXPECT_EQ(resolve_kv_capacity(config, {facts, 1000}).source, CapacitySource::flag);
  EXPECT_EQ(resolve_kv_capacity(config, {facts, 1000}).tokens, 1000);
  config.kv_capacity_tokens = 500;
  EXPECT_EQ(resolve_kv_capacity(config, {facts, 1000}).tokens, 500);
  EXPECT_EQ(resolve_kv_capacity(config, {facts, 1000}).source, CapacitySource::column);
}

// Capacities that show as steps in public measurements on H800.
TEST(Capacity, EstimateMeetsWhatH800Shows) {
  const Facts fp16 = builtin_facts(identity("Llama-3.1-70B", "H800-80GB", "FP16"));
  EXPECT_NEAR(resolve_kv_capacity(on(2, 1), {fp16}).tokens, 55e3, 0.15 * 55e3);
  EXPECT_NEAR(resolve_kv_capacity(on(8, 1), {fp16}).tokens, 1.25e6, 0.15 * 1.25e6);
  const Facts fp8 = builtin_facts(identity("Llama-3.1-70B", "H800-80GB", "FP8", "fp8"));
  EXPECT_NEAR(resolve_kv_capacity(on(2, 1), {fp8}).tokens, 508e3, 0.05 * 508e3);
  EXPECT_NEAR(resolve_kv_capacity(on(8, 1), {fp8}).tokens, 2.96e6, 0.15 * 2.96e6);
}

TEST(Capacity, IsZeroWhereWeightsDoNotFitAndUnlimitedWithoutKv) {
  const Facts large = builtin_facts(identity("Llama-3-70B", "RTX4090", "FP16"));
  EXPECT_EQ(resolve_kv_capacity(on(1, 1), {large}).tokens, 0);
  EXPECT_EQ(resolve_kv_capacity(on(1, 1), {large}).source, CapacitySource::catalogue);
  const Facts state_space = builtin_facts(identity("mamba2-2.7b", "RTX4090", "FP16"));
  EXPECT_EQ(resolve_kv_capacity(on(1, 1), {state_space}).source, CapacitySource::unlimited);
  EXPECT_EQ(resolve_kv_capacity(on(1, 1), {Facts()}).source, CapacitySource::unlimited);
  EXPECT_FALSE(known(resolve_kv_capacity(on(1, 1), {Facts()}).tokens));
}

TEST(Capacity, RowsOfALayoutSpeakBeforeTheFlagButNotBeforeTheColumn) {
  const Facts none;
  const LayoutCapacities stated = {{{8, 1, 1, 1}, 700}};
  const CapacityRules rules{none, 1000, false, &stated};
  table::Configuration config = on(8, 1);
  config.layout.dp = 2;  // replicas are alike
  EXPECT_EQ(resolve_kv_capacity(config, rules).tokens, 700);
  EXPECT_EQ(resolve_kv_capacity(config, rules).source, CapacitySource::column);
  EXPECT_EQ(resolve_kv_capacity(on(4, 1), rules).source, CapacitySource::flag);
  config.kv_capacity_tokens = 500;
  EXPECT_EQ(resolve_kv_capacity(config, rules).tokens, 500);
}

TEST(Capacity, AnEstimateThatHoldsNoRequestIsDroppedWhereTheLayoutRan) {
  const Facts large = builtin_facts(identity("Llama-3-70B", "RTX4090", "FP16"));
  table::Configuration config = on(1, 1);
  config.load.isl = config.load.osl = 64;
  EXPECT_EQ(resolve_kv_capacity(config, {large, kUnknown, false}).tokens, 0);
  EXPECT_EQ(resolve_kv_capacity(config, {large, kUnknown, true}).source, CapacitySource::unlimited);
}

TEST(Capacity, FittedOnesReplaceAllOthers) {
  const Facts none;
  const LayoutCapacities stated = {{{8, 1, 1, 1}, 700}}, fitted = {{{4, 1, 1, 1}, 900}};
  const CapacityRules rules{none, 1000, false, &stated, &fitted, 0.5};
  table::Configuration config = on(4, 1);
  config.kv_capacity_tokens = 500;
  EXPECT_EQ(resolve_kv_capacity(config, rules).tokens, 900);
  EXPECT_EQ(resolve_kv_capacity(config, rules).source, CapacitySource::fitted);
  config.layout.tp = 2;
  EXPECT_EQ(resolve_kv_capacity(config, rules).tokens, 500);  // the flag times the factor
  EXPECT_EQ(resolve_kv_capacity(config, rules).source, CapacitySource::fitted);
  EXPECT_EQ(resolve_kv_capacity(on(8, 1), rules).source, CapacitySource::column);
}

TEST(Capacity, EverySourceHasAWord) {
  EXPECT_EQ(capacity_source_text(CapacitySource::not_stated), "");
  EXPECT_EQ(capacity_source_text(CapacitySource::column), "column");
  EXPECT_EQ(capacity_source_text(CapacitySource::flag), "flag");
  EXPECT_EQ(capacity_source_text(CapacitySource::catalogue), "catalogue");
  EXPECT_EQ(capacity_source_text(CapacitySource::fitted), "fitted");
  EXPECT_EQ(capacity_source_text(CapacitySource::unlimited), "unlimited");
}

}  // namespace
}  // namespace energylens::predictor
