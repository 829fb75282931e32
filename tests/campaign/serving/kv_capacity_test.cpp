// SPDX-License-Identifier: Apache-2.0
// Lines in the shape of those that the engines print at their start.
#include "campaign/serving/kv_capacity.hpp"

#include <gmock/gmock.h>

#include "energylens/core/number_text.hpp"

namespace energylens::campaign {
namespace {

struct Log {
  std::string name, text;
  double tokens;
};
class KvCapacity : public testing::TestWithParam<Log> {};

TEST_P(KvCapacity, IsReadFromTheLog) {
  const double tokens = kv_capacity_in_log(GetParam().text);
  EXPECT_TRUE(known(tokens) ? tokens == GetParam().tokens : !known(GetParam().tokens)) << tokens;
}

INSTANTIATE_TEST_SUITE_P(
    All, KvCapacity,
    testing::Values(
        Log{"Vllm", "INFO 11-02 10:00:00 [kv_cache_utils.py:1] GPU KV cache size: 1,234,568 tokens\nready\n",
            1234568},
        Log{"VllmOnOneLine",
            "(EngineCore pid=7) INFO GPU KV cache size: 90,112 tokens, Maximum concurrency for 8,192 tokens "
            "per request: "
            "11.00x\n",
            90112},
        Log{"VllmReplicasTheLeastCounts",
            "(EngineCore_DP0) GPU KV cache size: 70,016 tokens\n(EngineCore_DP1) GPU KV cache size: 70,000 "
            "tokens\n",
            70000},
        Log{"VllmBlocks",
            "INFO # GPU blocks: 1381, # CPU blocks: 512\nINFO Maximum concurrency for 2048 tokens per "
            "request: 10.79x\n",
            1381 * 16},
        Log{"VllmBlocksOf32",
            "INFO # cuda blocks: 1000\nINFO Maximum concurrency for 4,096 tokens per request: 7.81x\n",
            32000},
        Log{"VllmBlocksOfUnknownSize", "INFO # GPU blocks: 1381, # CPU blocks: 512\n", kUnknown},
        Log{"VllmBlocksThatDoNotFit",
            "INFO # GPU blocks: 1000\nINFO Maximum concurrency for 4096 tokens per request: 6.00x\n",
            kUnknown},
        Log{"Sglang",
            "[2026-01-01 00:00:00 TP0] KV Cache is allocated. #tokens: 60000, K size: 1.0 GB\n[2026-01-01 "
            "00:00:01 TP0] "
            "max_total_num_tokens=60000, chunked_prefill_size=8192, max_running_requests=33\n",
            60000},
        Log{"SglangProfiledIsAnotherFigure",
            "slots=4096 (profiled_max_total_num_tokens=16725761)\nmax_total_num_tokens: arg=60000 vs "
            "profiled=16725761\nmax_total_num_tokens=60000, context_len=4096\n",
            60000},
        Log{"TensorRtLlm",
            "[TensorRT-LLM][INFO] [MemUsageChange] Allocated 78.30 GiB for max tokens in paged KV cache "
            "(3731744).\n",
            3731744},
        Log{"TensorRtLlmOlder", "[TensorRT-LLM][INFO] Using 132608 tokens in paged KV cache.\n", 132608},
        Log{"LlamaCpp", "llama_kv_cache: size =  512.00 MiB (  4096 cells,  32 layers,  1/1 seqs), K (f16)\n",
            4096},
        Log{"NoLine", "INFO loading weights\nINFO ready\n", kUnknown}, Log{"Nothing", "", kUnknown},
        Log{"CutOff", "INFO GPU KV cache size: ", kUnknown},
        Log{"NoNumber", "INFO GPU KV cache size: many tokens\nmax_total_num_tokens=,\n", kUnknown},
        Log{"Zero", "INFO GPU KV cache size: 0 tokens\n", kUnknown},
        Log{"TooLong", "INFO GPU KV cache size: 99999999999999999999 tokens\n", kUnknown}),
    [](const auto& log) { return log.param.name; });

TEST(KvCapacityOfMetrics, IsBlocksTimesTheirSize) {
  EXPECT_EQ(
      kv_capacity_in_metrics("# TYPE vllm:cache_config_info gauge\n"
                             "vllm:cache_config_info{block_size=\"16\",num_gpu_blocks=\"27896\"} 1.0\n"
                             "vllm:cache_config_info{block_size=\"16\",num_gpu_blocks=\"27000\"} 1.0\n"),
      27000 * 16);
  for (const char* page :
       {"", "up 1\n", "vllm:cache_config_info{block_size=\"16\",num_gpu_blocks=\"None\"} 1\n", "<html>"})
    EXPECT_FALSE(known(kv_capacity_in_metrics(page))) << page;
}

}  // namespace
}  // namespace energylens::campaign
