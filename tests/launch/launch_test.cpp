// SPDX-License-Identifier: Apache-2.0
#include "launch/launch.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>

#include "energylens/core/error.hpp"

namespace energylens::launch {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Deployment deployment(table::Layout layout) {
  return {.model = "meta-llama/Llama-3.1-70B-Instruct",
          .engine = "vLLM 0.11.0",
          .gpu_vendor = "NVIDIA",
          .layout = layout,
          .in_flight = 30,
          .gpu_memory_utilization = kUnknown,
          .power_limit_w = kUnknown};
}

TEST(Launch, VllmByTheFlagsOfItsDocumentation) {
  EXPECT_EQ(text("vllm", deployment({4, 2, 1, 1})),
            "vllm serve meta-llama/Llama-3.1-70B-Instruct \\\n    --tensor-parallel-size 4 \\\n    "
            "--pipeline-parallel-size 2 \\\n    --max-num-seqs 30\n");
  const std::string experts = text("vllm", deployment({1, 1, 8, 8}));
  EXPECT_THAT(experts,
              HasSubstr("--data-parallel-size 8 \\\n    --enable-expert-parallel \\\n    --max-num-seqs 4\n"))
      << "30 requests over 8 ranks: at most 4 each";
  EXPECT_THAT(text("vllm", deployment({8, 1, 1, 4})),
              HasSubstr("# vLLM spreads experts over all tp x dp ranks"));
}

TEST(Launch, SglangCountsTheRanksOfAttentionInTp) {
  const std::string ranks = text("sglang", deployment({1, 1, 8, 8}));
  EXPECT_THAT(ranks, HasSubstr("-m sglang.launch_server"));
  EXPECT_THAT(ranks,
              HasSubstr("--tp-size 8 \\\n    --dp-size 8 \\\n    --enable-dp-attention \\\n    --ep-size 8"));
  EXPECT_THAT(ranks, HasSubstr("--max-running-requests 30"));
  const std::string copies = text("sglang", deployment({2, 1, 4, 1}));
  EXPECT_THAT(copies, HasSubstr("-m sglang_router.launch_server"));
  EXPECT_THAT(copies, HasSubstr("--tp-size 2 \\\n    --dp-size 4"));
  EXPECT_THAT(copies, HasSubstr("--max-running-requests 8"));
  EXPECT_THAT(copies, Not(HasSubstr("dp-attention")));
}

TEST(Launch, TensorRtReadsDataParallelAttentionFromAFile) {
  const std::string ranks = text("trtllm", deployment({1, 1, 8, 8}));
  EXPECT_THAT(ranks, HasSubstr("enable_attention_dp: true"));
  EXPECT_THAT(ranks, HasSubstr("--tp_size 8 \\\n    --ep_size 8"));
  EXPECT_THAT(text("trtllm", deployment({4, 1, 2, 1})), HasSubstr("# one of 2 replicas"));
  EXPECT_THAT(text("trtllm", deployment({4, 1, 1, 1})), Not(HasSubstr("#")));
}

TEST(Launch, APowerLimitIsSetByTheToolOfTheVendor) {
  Deployment limited = deployment({8, 1, 1, 1});
  limited.power_limit_w = 400;
  EXPECT_THAT(text("vllm", limited), HasSubstr("sudo nvidia-smi --power-limit=400\n"));
  limited.gpu_vendor = "AMD";
  EXPECT_THAT(text("vllm", limited), HasSubstr("sudo amd-smi set --power-cap 400\n"));
  limited.gpu_vendor = "";
  EXPECT_THAT(text("vllm", limited), HasSubstr("# set a power limit of 400 W on each GPU\n"));
}

TEST(Launch, KubernetesHasAPodPerReplica) {
  const std::string pods = text("k8s", deployment({2, 1, 4, 1}));
  EXPECT_THAT(pods, HasSubstr("replicas: 4\n"));
  EXPECT_THAT(pods, HasSubstr("nvidia.com/gpu: 2\n"));
  EXPECT_THAT(pods, Not(HasSubstr("--data-parallel-size")));
  EXPECT_THAT(pods, HasSubstr("name: llama-3-1-70b-instruct\n"));
  const std::string ranks = text("k8s", deployment({1, 1, 8, 8}));
  EXPECT_THAT(ranks, HasSubstr("replicas: 1\n"));
  EXPECT_THAT(ranks, HasSubstr("nvidia.com/gpu: 8\n"));
}

TEST(Launch, SlurmHasAnArrayTaskPerReplica) {
  const std::string script = text("slurm", deployment({2, 1, 4, 1}));
  EXPECT_THAT(script, HasSubstr("#SBATCH --gpus=2\n"));
  EXPECT_THAT(script, HasSubstr("#SBATCH --array=0-3\n"));
  EXPECT_THAT(script, HasSubstr("--port $((8000 + SLURM_ARRAY_TASK_ID))"));
  EXPECT_THAT(text("slurm", deployment({2, 1, 1, 1})), Not(HasSubstr("--array")));
}

TEST(Launch, ANameCannotAddACommand) {
  Deployment hostile = deployment({1, 1, 1, 1});
  hostile.model = "a'; touch taken; echo $(touch taken) `touch taken` \"\n- b";
  EXPECT_THAT(text("vllm", hostile),
              HasSubstr("vllm serve 'a'\\''; touch taken; echo $(touch taken) `touch taken` \"\n- b'"));
  EXPECT_THAT(text("k8s", hostile),
              HasSubstr("            - \"a'; touch taken; echo $(touch taken) `touch taken` \\\"\\n- b\"\n"));
  EXPECT_THAT(text("slurm", hostile), HasSubstr("#SBATCH --job-name=a---touch-taken"));
}

TEST(Launch, WhatCannotBeStartedIsSaid) {
  const auto message = [](std::string_view target, const Deployment& one) -> std::string {
    try {
      return text(target, one);
    } catch (const Error& error) {
      return error.message();
    }
  };
  EXPECT_EQ(message("vlm", deployment({1, 1, 1, 1})), "unknown target \"vlm\"; did you mean \"vllm\"?");
  Deployment other = deployment({1, 1, 1, 1});
  other.engine = "PyTorch";
  EXPECT_EQ(message("k8s", other),
            "the rows are of the engine \"PyTorch\", which k8s cannot start; use vllm, sglang or trtllm");
  EXPECT_THAT(message("vllm", other), HasSubstr("vllm serve")) << "an engine that is asked for is started";
}

TEST(Launch, WithoutALoadTheEngineKeepsItsOwnLimit) {
  Deployment open = deployment({2, 1, 1, 1});
  open.in_flight = kUnknown;
  open.gpu_memory_utilization = 0.85;
  EXPECT_EQ(text("vllm", open),
            "vllm serve meta-llama/Llama-3.1-70B-Instruct \\\n    --tensor-parallel-size 2 \\\n    "
            "--gpu-memory-utilization 0.85\n");
}

}  // namespace
}  // namespace energylens::launch
