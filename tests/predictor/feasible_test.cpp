// SPDX-License-Identifier: Apache-2.0
#include "predictor/feasible.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "energylens/predictor/facts.hpp"

namespace energylens::predictor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// 64 heads, 8 KV heads, 80 layers, 96 experts; small.
Facts shape() {
  Facts facts;
  facts.attention_heads = 64;
  facts.kv_heads = 8;
  facts.layers = 80;
  facts.experts = 96;
  facts.weight_bytes = 10e9;
  facts.gpu_memory_bytes = 80e9;
  return facts;
}

std::string reason(std::string_view layout, const Facts& facts, int total_gpus = 0) {
  return infeasible(table::parse_layout(layout), facts, total_gpus);
}

TEST(Feasible, TensorParallelismDividesTheHeads) {
  for (const char* layout : {"tp1", "tp2", "tp4", "tp8", "tp8dp2", "tp4pp2"})
    EXPECT_EQ(reason(layout, shape()), "");
  EXPECT_EQ(reason("tp6", shape()), "64 attention heads are not divisible by tp 6");
  EXPECT_EQ(reason("tp3dp2", shape()), "64 attention heads are not divisible by tp 3");
}

TEST(Feasible, KvHeadsAreDividedOrCopied) {
  Facts facts = shape();
  facts.attention_heads = 48;
  EXPECT_EQ(reason("tp6", facts), "8 KV heads are not divisible by tp 6");
  facts.kv_heads = 2;
  EXPECT_EQ(reason("tp4", facts), "");  // each head twice
  facts.kv_heads = 0;                   // state space
  EXPECT_EQ(reason("tp4", facts), "");
  facts.kv_heads = kUnknown;
  EXPECT_EQ(reason("tp6", facts), "");
}

TEST(Feasible, ExpertsAndLayersDivide) {
  EXPECT_EQ(reason("tp8ep8", shape()), "");
  EXPECT_EQ(reason("tp1dp5ep5", shape()), "96 experts are not divisible by ep 5");
  EXPECT_EQ(reason("tp2pp5", shape()), "");
  EXPECT_EQ(reason("tp2pp3", shape()), "80 layers are not divisible by pp 3");
}

TEST(Feasible, ATensorParallelGroupStaysWithinANode) {
  Facts facts = shape();
  EXPECT_EQ(reason("tp16", facts), "tp 16 exceeds a node of 8 GPUs");
  facts.gpus_per_node = 72;
  EXPECT_EQ(reason("tp16", facts), "");
  facts.gpus_per_node = 4;
  EXPECT_EQ(reason("tp8", facts), "tp 8 exceeds a node of 4 GPUs");
  EXPECT_EQ(reason("tp4pp2", facts), "");
}

TEST(Feasible, GroupsDoNotSpanNodes) {
  Facts facts = shape();
  facts.attention_heads = facts.kv_heads = 12;
  facts.gpus_per_node = 4;
  EXPECT_EQ(reason("tp3dp2", facts, 8), "");
  EXPECT_EQ(reason("tp3dp2", facts, 6), "nodes of 4 GPUs hold 1 of 2 groups of tp 3");
  EXPECT_EQ(reason("tp3dp2", facts), "");  // the number of GPUs is not known
}

TEST(Feasible, WeightsFitIntoWhatTheEngineUses) {
  Facts facts = shape();
  facts.weight_bytes = 141e9;
  EXPECT_EQ(reason("tp1", facts), "weights need 141 GB; 1 x 80 GB available");
  EXPECT_EQ(reason("tp2", facts), "");  // 4 GB of each GPU are for start-up
  facts.memory = engine_memory("vLLM");
  EXPECT_EQ(reason("tp2", facts), "weights need 141 GB; 2 x 70 GB available for weights and cache");
  EXPECT_EQ(reason("tp4", facts), "");
}

// By brute force over the definition.
RC_GTEST_PROP(Feasible, AgreesWithTheDefinition, ()) {
  Facts facts = shape();
  facts.gpu_memory_bytes = kUnknown;
  facts.gpus_per_node = 1 << *rc::gen::inRange(0, 5);
  const table::Layout layout{*rc::gen::inRange(1, 20), *rc::gen::inRange(1, 10), *rc::gen::inRange(1, 5),
                             *rc::gen::inRange(1, 10)};
  const bool expected = 64 % layout.tp == 0 && (8 % layout.tp == 0 || layout.tp % 8 == 0) &&
                        80 % layout.pp == 0 && 96 % layout.ep == 0 && layout.tp <= facts.gpus_per_node;
  RC_ASSERT(infeasible(layout, facts).empty() == expected);
}

TEST(UnmeasuredDirections, AreFactorsThatNoRowVaries) {
  const auto of = [](std::string_view layout, std::vector<table::Layout> measured) {
    return unmeasured_directions(table::parse_layout(layout), measured);
  };
  const std::vector<table::Layout> tps = {{.tp = 2}, {.tp = 8}};
  EXPECT_THAT(of("tp4", tps), IsEmpty());
  EXPECT_THAT(of("tp4dp2", tps), IsEmpty());
  EXPECT_THAT(of("tp2pp2", tps), ElementsAre("pp"));
  EXPECT_THAT(of("tp8ep8", tps), ElementsAre("ep"));
  EXPECT_THAT(of("tp1dp8ep8", tps), ElementsAre("attention data parallelism"));
  EXPECT_THAT(of("tp4pp2", {{.tp = 8}}), ElementsAre("tp", "pp"));
  EXPECT_THAT(of("tp8", {{.tp = 8}}), IsEmpty());
  EXPECT_THAT(of("tp4pp2", {{.tp = 8}, {.tp = 1, .pp = 8}}), IsEmpty());
  EXPECT_THAT(of("tp4pp2", {}), IsEmpty());
}

}  // namespace
}  // namespace energylens::predictor
