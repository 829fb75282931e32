// SPDX-License-Identifier: Apache-2.0
#include "choose/layouts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace energylens::choose {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

predictor::Facts facts(double weight_gb, double memory_gb) {
  predictor::Facts f;
  f.weight_bytes = weight_gb * 1e9;
  f.gpu_memory_bytes = memory_gb * 1e9;
  return f;
}

std::vector<std::string> texts(const std::vector<CandidateLayout>& all) {
  std::vector<std::string> out;
  for (const CandidateLayout& one : all) out.push_back(table::layout_text(one.layout));
  return out;
}

TEST(CandidateLayouts, OfFourGpusAreAllOfFourAndFewer) {
  EXPECT_THAT(texts(candidate_layouts(4, facts(10, 24), {})),
              UnorderedElementsAre("tp1", "tp1dp2", "tp1dp3", "tp1dp4", "tp1pp2", "tp1pp2dp2", "tp1pp4",
                                   "tp2", "tp2dp2", "tp2pp2", "tp4"));
}

TEST(CandidateLayouts, DegreesAreThePowersOfTwoAndTheDivisorsOfTheTotal) {
  std::set<int> tp;
  for (const CandidateLayout& one : candidate_layouts(6, facts(10, 24), {})) tp.insert(one.layout.tp);
  EXPECT_THAT(tp, ElementsAre(1, 2, 3, 4, 6));
}

TEST(CandidateLayouts, AgreeWithTheDefinitionForEveryTotal) {
  for (int total = 1; total <= 24; ++total) {
    std::set<table::Layout> expected;
    const auto degree = [total](int n) { return total % n == 0 || (n & (n - 1)) == 0; };
    for (int tp = 1; tp <= total; ++tp) {
      for (int pp = 1; pp <= total; ++pp) {
        for (int dp = 1; dp <= total; ++dp) {
          if (degree(tp) && degree(pp) && tp * pp * dp <= total) expected.insert({tp, pp, dp, 1});
        }
      }
    }
    std::vector<table::Layout> found;
    for (const CandidateLayout& one : candidate_layouts(total, facts(1, 24), {})) found.push_back(one.layout);
    EXPECT_TRUE(std::ranges::equal(found, expected)) << total << " GPUs";
  }
}

TEST(CandidateLayouts, TooLittleMemoryIsTheReason) {
  for (const CandidateLayout& one : candidate_layouts(8, facts(141.2, 24), {})) {
    const int gpus = one.layout.tp * one.layout.pp;
    if (gpus == 2) {
      EXPECT_EQ(one.rejected, "weights need 141 GB; 2 x 24 GB available");
    }
    EXPECT_EQ(one.rejected.empty(), gpus == 8) << table::layout_text(one.layout);
  }
}

TEST(CandidateLayouts, WhatWasMeasuredFitsByEvidence) {
  const std::vector<table::Layout> measured = {{.tp = 4}};
  for (const CandidateLayout& one : candidate_layouts(4, facts(141, 24), measured)) {
    const bool is_tp4 = one.layout == table::Layout{.tp = 4};
    EXPECT_EQ(one.measured, is_tp4);
    EXPECT_EQ(one.rejected.empty(), is_tp4);
  }
}

TEST(CandidateLayouts, UnknownMemoryLeavesMeasuredLayoutsAndTheirReplicas) {
  const std::vector<table::Layout> measured = {{.tp = 2}, {.tp = 16}, {.tp = 4, .pp = 2}, {.tp = 2, .dp = 2}};
  const auto found = candidate_layouts(8, facts(kUnknown, 24), measured);
  EXPECT_THAT(texts(found), UnorderedElementsAre("tp2", "tp2dp2", "tp2dp3", "tp2dp4", "tp4pp2"));
  EXPECT_TRUE(std::ranges::all_of(found, &CandidateLayout::measured));
}

TEST(CandidateLayouts, ExpertParallelismOnlyAsMeasured) {
  const std::vector<table::Layout> measured = {{.tp = 2, .dp = 4, .ep = 8}, {.tp = 4, .ep = 4}};
  EXPECT_THAT(texts(candidate_layouts(8, facts(kUnknown, kUnknown), measured)),
              UnorderedElementsAre("tp2dp4ep8", "tp4ep4"));
}

/// 64 heads and 8 KV heads, as most models of 70 B parameters have.
predictor::Facts with_heads() {
  predictor::Facts f = facts(10, 80);
  f.attention_heads = 64;
  f.kv_heads = 8;
  f.layers = 80;
  return f;
}

TEST(CandidateLayouts, HeadsThatCannotBeDividedAreTheReason) {
  std::set<std::string> feasible;
  for (const CandidateLayout& one : candidate_layouts(6, with_heads(), {})) {
    const std::string text = table::layout_text(one.layout);
    if (one.rejected.empty()) feasible.insert(text);
    if (text == "tp6") {
      EXPECT_EQ(one.rejected, "64 attention heads are not divisible by tp 6");
    }
    if (text == "tp3dp2") {
      EXPECT_EQ(one.rejected, "64 attention heads are not divisible by tp 3");
    }
  }
  EXPECT_TRUE(feasible.contains("tp4") && feasible.contains("tp2dp3") && feasible.contains("tp1dp6"));
  EXPECT_FALSE(feasible.contains("tp6") || feasible.contains("tp3") || feasible.contains("tp3dp2"));
}

TEST(CandidateLayouts, TheFilterLeavesMeasuredOnesShortPipelinesOrAList) {
  const std::vector<table::Layout> measured = {{.tp = 2}};
  EXPECT_THAT(texts(candidate_layouts(4, with_heads(), measured, {{}, true})),
              UnorderedElementsAre("tp2", "tp2dp2"));
  EXPECT_THAT(texts(candidate_layouts(4, with_heads(), measured, {{}, false, 1})),
              UnorderedElementsAre("tp1", "tp1dp2", "tp1dp3", "tp1dp4", "tp2", "tp2dp2", "tp4"));
  const auto listed = candidate_layouts(4, with_heads(), measured,
                                        {{{.tp = 8}, {.tp = 3}, {.tp = 2}, {.tp = 2, .ep = 2}}, false, 0});
  EXPECT_THAT(texts(listed), ElementsAre("tp2", "tp2ep2", "tp3", "tp8"));
  EXPECT_EQ(listed[0].rejected, "");
  EXPECT_EQ(listed[2].rejected, "64 attention heads are not divisible by tp 3");
  EXPECT_EQ(listed[3].rejected, "needs 8 GPUs of 4");
}

TEST(CandidateLayouts, NothingKnownIsNothingListed) {
  EXPECT_TRUE(candidate_layouts(8, facts(kUnknown, kUnknown), {}).empty());
}

}  // namespace
}  // namespace energylens::choose
