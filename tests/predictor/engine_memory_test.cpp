// SPDX-License-Identifier: Apache-2.0
#include "energylens/predictor/engine_memory.hpp"

#include <gtest/gtest.h>

#include "energylens/predictor/facts.hpp"
#include "energylens/predictor/kv_capacity.hpp"
#include "predictor/waves.hpp"

namespace energylens::predictor {
namespace {

constexpr double kGib = 1024.0 * 1024.0 * 1024.0;

Facts facts_with(std::string_view engine) {
  Facts facts;
  facts.weight_bytes = 16e9;
  facts.kv_bytes_per_token = 131072;
  facts.kv_heads = 8;
  facts.gpu_memory_bytes = 80 * kGib;
  facts.memory = engine_memory(engine);
  return facts;
}

TEST(EngineMemory, IsKnownByThePartOfTheNameThatMatters) {
  EXPECT_EQ(engine_memory("vLLM").block_tokens, 16);
  EXPECT_EQ(engine_memory("vllm 0.22.0").block_tokens, 16);
  EXPECT_FALSE(engine_memory("vLLM").of_rest);
  EXPECT_EQ(engine_memory("SGLang").share, 0.87);
  EXPECT_EQ(engine_memory("SGLang").block_tokens, 1);
  EXPECT_TRUE(engine_memory("TensorRT-LLM").of_rest);
  EXPECT_EQ(engine_memory("").reserved_bytes, EngineMemory().reserved_bytes);
  EXPECT_EQ(engine_memory("ollama/llama.cpp").share, EngineMemory().share);
}

// The definitions of the engines' documents, written out.
TEST(EngineMemory, EachEngineLeavesItsOwnRoomForTheCache) {
  const double memory = 80 * kGib;
  EXPECT_DOUBLE_EQ(kv_room_bytes({1, 1, 1, 1}, facts_with("vLLM")), 0.9 * memory - 2e9 - 16e9);
  EXPECT_DOUBLE_EQ(kv_room_bytes({1, 1, 1, 1}, facts_with("SGLang")), 0.87 * memory - 16e9);
  EXPECT_DOUBLE_EQ(kv_room_bytes({1, 1, 1, 1}, facts_with("TensorRT-LLM")), 0.9 * (memory - 4e9 - 16e9));
  EXPECT_DOUBLE_EQ(kv_room_bytes({4, 1, 1, 1}, facts_with("vLLM")), 4 * (0.9 * memory - 2e9) - 16e9);
  // dp adds replicas of equal room.
  EXPECT_EQ(kv_room_bytes({4, 1, 2, 1}, facts_with("vLLM")), kv_room_bytes({4, 1, 1, 1}, facts_with("vLLM")));
}

// vLLM prints about 440,000 tokens for Llama-3.1-8B in 16 bits on a GPU of 80 GiB.
TEST(EngineMemory, OfVllmOnAWellKnownCase) {
  EXPECT_NEAR(estimated_capacity({1, 1, 1, 1}, facts_with("vLLM")), 440e3, 0.05 * 440e3);
}

TEST(EngineMemory, TheFlagReplacesTheShare) {
  Facts facts = facts_with("vLLM");
  const double usual = estimated_capacity({1, 1, 1, 1}, facts);
  set_memory_share(facts, kUnknown);
  EXPECT_EQ(estimated_capacity({1, 1, 1, 1}, facts), usual);
  set_memory_share(facts, 0.8);
  EXPECT_DOUBLE_EQ(kv_room_bytes({1, 1, 1, 1}, facts), 0.8 * 80 * kGib - 2e9 - 16e9);
  EXPECT_LT(estimated_capacity({1, 1, 1, 1}, facts), usual);
}

TEST(EngineMemory, MoreGpusThanKvHeadsHoldCopies) {
  Facts facts = facts_with("vLLM");
  EXPECT_EQ(kv_bytes_of_replica({8, 1, 1, 1}, facts), facts.kv_bytes_per_token);
  EXPECT_EQ(kv_bytes_of_replica({16, 1, 1, 1}, facts), 2 * facts.kv_bytes_per_token);
  facts.kv_heads = 1;  // latent attention: every GPU holds the whole cache
  EXPECT_EQ(kv_bytes_of_replica({8, 1, 1, 1}, facts), 8 * facts.kv_bytes_per_token);
  EXPECT_EQ(kv_bytes_of_replica({1, 1, 8, 8}, facts), facts.kv_bytes_per_token);
  facts.kv_heads = kUnknown;
  EXPECT_EQ(kv_bytes_of_replica({16, 1, 1, 1}, facts), facts.kv_bytes_per_token);
}

TEST(EngineMemory, RanksOfDataParallelAttentionHoldTheSharedWeightsOnceEach) {
  Facts facts = facts_with("SGLang");
  facts.always_read_share = 0.1;
  const double memory = 0.87 * 80 * kGib;
  EXPECT_DOUBLE_EQ(kv_room_bytes({1, 1, 8, 8}, facts), 8 * memory - 16e9 * (1 + 7 * 0.1));
}

TEST(EngineMemory, ARequestTakesWholeBlocksOfItsEngine) {
  table::Configuration config;
  config.load.isl = 60;
  config.load.osl = 10;
  const auto at_once = [&](std::string_view engine) {
    const Facts facts = facts_with(engine);
    config.kv_capacity_tokens = 1280;
    return requests_at_once(with_capacity(config, resolve_kv_capacity(config, {facts})));
  };
  EXPECT_EQ(at_once("vLLM"), 16);          // 5 blocks of 16
  EXPECT_EQ(at_once("SGLang"), 18);        // 70 tokens
  EXPECT_EQ(at_once("TensorRT-LLM"), 10);  // 2 blocks of 64
}

}  // namespace
}  // namespace energylens::predictor
