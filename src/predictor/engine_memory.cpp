// SPDX-License-Identifier: Apache-2.0
// Defaults of engines, of which the settings of a server may differ: --gpu-memory-utilization says so.
// vLLM: gpu_memory_utilization 0.9 of the memory, of which a profiling run takes the activations; block_size 16
// (docs.vllm.ai, vllm.config.cache; releases since 0.20 start from 0.92). SGLang: mem_fraction_static covers weights and
// cache, what is left serves activations; about 0.87 on 80 GB (scitix/sieval, release 0.13.2); pages of one token.
// TensorRT-LLM: free_gpu_memory_fraction 0.9 of the memory that weights and activations leave (nvidia.github.io/TensorRT-LLM,
// KvCacheConfig); blocks of 64 tokens, of 32 in releases since 1.0. What vLLM and TensorRT-LLM reserve is an estimate: 4 GB
// makes TensorRT-LLM on H800 hold what the waves of public rows show. Held by engine_memory_test.cpp.
#include "energylens/predictor/engine_memory.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace energylens::predictor {
namespace {

constexpr std::array<std::pair<std::string_view, EngineMemory>, 5> kEngines = {{
    {"energylens-simulate", {0.9, false, 1.2e9, 64}},
    {"vllm", {0.9, false, 2e9, 16}},
    {"sglang", {0.87, false, 0, 1}},
    {"tensorrt", {0.9, true, 4e9, 64}},
    {"trtllm", {0.9, true, 4e9, 64}},
}};

}  // namespace

EngineMemory engine_memory(std::string_view engine) {
  std::string lower(engine);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [name, memory] : kEngines) {
    if (lower.find(name) != std::string::npos) return memory;
  }
  return {};
}

}  // namespace energylens::predictor
