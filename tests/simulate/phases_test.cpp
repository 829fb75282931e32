// SPDX-License-Identifier: Apache-2.0
#include "simulate/phases.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace energylens::simulate {
namespace {

const table::Layout kTp1{1, 1, 1, 1}, kTp2{2, 1, 1, 1}, kTp4{4, 1, 1, 1}, kTp8{8, 1, 1, 1},
    kTp4Pp2{4, 2, 1, 1}, kTp2Pp4{2, 4, 1, 1}, kPp8{1, 8, 1, 1};

System system_of(const std::string& model, const std::string& gpu = "H100-80GB-SXM",
                 double limit_w = kUnknown, double image_tokens = 0) {
  Options options;
  options.model = model;
  options.gpu = gpu;
  options.power_limit_w = limit_w;
  options.image_tokens = image_tokens;
  return find_system(options, hardware::Catalogue::builtin());
}

double watts_per_gpu(const Phase& phase, const table::Layout& layout) {
  return phase.joules / phase.seconds / layout.gpus();
}

RC_GTEST_PROP(Phases, PowerLiesBetweenIdleAndTheTdp, ()) {
  static const System kSystems[] = {system_of("Llama-3.1-70B"), system_of("Mixtral-8x7B", "A100-80GB-SXM"),
                                    system_of("Nemotron-Nano-12B-v2", "RTX4090")};
  const System& system = kSystems[*rc::gen::inRange(0, 3)];
  const table::Layout layout{1 << *rc::gen::inRange(0, 4), 1 << *rc::gen::inRange(0, 3), 1, 1};
  const double batch = *rc::gen::inRange(1, 513);
  const double tokens = *rc::gen::inRange(1, 8193);
  const Phase first = prefill(system, layout, {batch, tokens, 0, 0});
  const Phase step = decode_step(system, layout, batch, tokens);
  for (const Phase& phase : {first, step}) {
    RC_ASSERT(phase.seconds > 0);
    RC_ASSERT(watts_per_gpu(phase, layout) >= system.idle_w);
    RC_ASSERT(watts_per_gpu(phase, layout) <= system.limit_w * (1 + 1e-9));
  }
}

RC_GTEST_PROP(Phases, CostsGrowWithBatchAndTokens, ()) {
  static const System kSystem = system_of("Llama-3.1-70B");
  const table::Layout layout{1 << *rc::gen::inRange(0, 4), 1 << *rc::gen::inRange(0, 3), 1, 1};
  const double batch = *rc::gen::inRange(1, 513);
  const double tokens = *rc::gen::inRange(1, 8193);
  const Phase step = decode_step(kSystem, layout, batch, tokens);
  const Phase first = prefill(kSystem, layout, {batch, tokens, 0, 0});
  const auto no_less = [](const Phase& more, const Phase& less) {
    return more.joules >= less.joules * (1 - 1e-9) && more.seconds >= less.seconds * (1 - 1e-9);
  };
  RC_ASSERT(no_less(decode_step(kSystem, layout, batch + 1, tokens), step));
  RC_ASSERT(no_less(decode_step(kSystem, layout, batch, tokens + 1), step));
  RC_ASSERT(no_less(prefill(kSystem, layout, {batch + 1, tokens, 0, 0}), first));
  RC_ASSERT(no_less(prefill(kSystem, layout, {batch, tokens + 1, 0, 0}), first));
}

TEST(Phases, TensorParallelismShortensAStepAndPipeliningDoesNotAtBatchOne) {
  const System system = system_of("Llama-3.1-70B");
  const auto step_s = [&](const table::Layout& layout) {
    return decode_step(system, layout, 1, 500).seconds;
  };
  EXPECT_LT(step_s(kTp8), step_s(kTp4));
  EXPECT_LT(step_s(kTp4), step_s(kTp2));
  EXPECT_GT(step_s(kTp8), step_s(kTp2) / 4);  // messages and waiting do not divide
  EXPECT_GT(step_s(kTp4Pp2), step_s(kTp4));
  EXPECT_GT(step_s(kPp8), step_s(kTp1));
  EXPECT_LT(step_s(kPp8), 1.02 * step_s(kTp1));  // hops are short
}

TEST(Phases, ABatchPassesThePipelineAsOneInDecode) {
  const System system = system_of("Llama-3.1-70B");
  const double one = decode_step(system, kPp8, 1, 1000).joules;
  EXPECT_LT(decode_step(system, kPp8, 8, 1000).joules,
            1.3 * one);  // micro-batches would read the weights 8 times
}

TEST(Phases, PrefillStreamsThroughThePipeline) {
  const System system = system_of("Llama-3.1-70B");
  const Prompts prompts{16, 4096, 0, 0};
  EXPECT_LT(prefill(system, kTp4Pp2, prompts).seconds, 0.6 * prefill(system, kTp4, prompts).seconds);
}

TEST(Phases, PrefillAttentionGrowsWithTheSquareOfThePrompt) {
  const System system = system_of("Llama-3.1-8B");
  const auto joules = [&](double tokens) { return prefill(system, kTp1, {1, tokens, 0, 0}).joules; };
  EXPECT_GT(joules(64000), 2.3 * joules(32000));
  EXPECT_LT(joules(64000), 4 * joules(32000));
}

TEST(Phases, CachedTokensSaveTheirComputation) {
  const System system = system_of("Llama-3.1-70B");
  const Phase whole = prefill(system, kTp8, {8, 4000, 0, 0});
  const Phase half = prefill(system, kTp8, {8, 4000, 2000, 0});
  const Phase short_prompt = prefill(system, kTp8, {8, 2000, 0, 0});
  EXPECT_LT(half.joules, 0.6 * whole.joules);
  EXPECT_GT(half.joules, short_prompt.joules);  // they are still attended to
}

TEST(Phases, AMixtureOfExpertsReadsFewerWeightsAtBatchOne) {
  const System mixture = system_of("Mixtral-8x7B");
  System dense = mixture;
  dense.routed_share = 0;
  const double one = decode_step(mixture, kTp2, 1, 100).seconds / decode_step(dense, kTp2, 1, 100).seconds;
  const double many = decode_step(mixture, kTp2, 64, 100).seconds / decode_step(dense, kTp2, 64, 100).seconds;
  EXPECT_LT(one, 0.5);
  EXPECT_NEAR(many, 1, 1e-6);
}

TEST(Phases, ImagesCostPrefillOnly) {
  const System without = system_of("LLaVA-1.5-7B");
  const System with = system_of("LLaVA-1.5-7B", "H100-80GB-SXM", kUnknown, 576);
  const Phase text = prefill(without, kTp1, {4, 1000, 0, 0});
  const Phase image = prefill(with, kTp1, {4, 1000, 0, 576});
  EXPECT_GT(image.joules, text.joules);
  EXPECT_GT(image.seconds, text.seconds);
  EXPECT_EQ(decode_step(with, kTp1, 4, 1000).joules, decode_step(without, kTp1, 4, 1000).joules);
}

TEST(Phases, APowerLimitLowersPowerAndStretchesTime) {
  const System free = system_of("Llama-3.1-70B");
  const System limited = system_of("Llama-3.1-70B", "H100-80GB-SXM", 400);
  const Prompts prompts{16, 4096, 0, 0};
  const Phase fast = prefill(free, kTp8, prompts), slow = prefill(limited, kTp8, prompts);
  EXPECT_GT(watts_per_gpu(fast, kTp8), 450);
  EXPECT_NEAR(watts_per_gpu(slow, kTp8), 400, 1e-6);
  EXPECT_GT(slow.seconds, 1.05 * fast.seconds);
  EXPECT_LT(slow.joules, fast.joules);  // lower voltage
  // A step that stays below the limit is untouched.
  EXPECT_EQ(decode_step(limited, kTp8, 1, 100).seconds, decode_step(free, kTp8, 1, 100).seconds);
}

TEST(Phases, AStateSpaceModelPaysNothingForContext) {
  const System system = system_of("Mamba-2-2.7B");
  EXPECT_EQ(decode_step(system, kTp1, 8, 100).joules, decode_step(system, kTp1, 8, 100000).joules);
  EXPECT_GT(decode_step(system, kTp1, 64, 100).joules, decode_step(system, kTp1, 8, 100).joules);
}

TEST(Phases, DecodeIsTheSumOfItsSteps) {
  const System system = system_of("Llama-3.1-70B");
  Phase sum;
  for (int step = 0; step < 2000; ++step) sum += decode_step(system, kTp4Pp2, 32, 101 + step);
  const Phase all = decode(system, kTp4Pp2, 32, 101, 2000);
  EXPECT_NEAR(all.joules / sum.joules, 1, 1e-6);
  EXPECT_NEAR(all.seconds / sum.seconds, 1, 1e-6);
  const Phase one = decode(system, kTp4Pp2, 32, 101, 1);
  EXPECT_NEAR(one.joules / decode_step(system, kTp4Pp2, 32, 101).joules, 1, 1e-12);
  EXPECT_EQ(decode(system, kTp4Pp2, 32, 101, 0).joules, 0);
}

}  // namespace
}  // namespace energylens::simulate
