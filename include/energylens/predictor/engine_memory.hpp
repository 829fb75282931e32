// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace energylens::predictor {

/// How an inference engine divides the memory of one GPU by default. KV cache of a GPU: share * memory - reserved -
/// weights, or share * (memory - reserved - weights) where the engine takes a share of what is left.
struct EngineMemory {
  double share = 0.9;
  bool of_rest = true;
  double reserved_bytes = 4e9;  ///< context, activations and communication buffers
  double block_tokens = 64;     ///< a request takes whole blocks of the KV cache
};

/// By the column `engine`, ignoring case: vLLM 0.9 of the memory in blocks of 16; SGLang 0.87 (mem_fraction_static,
/// weights included) by the token; TensorRT-LLM 0.9 of what is left in blocks of 64; the simulator of EnergyLens 0.9 of
/// the memory. Any other engine, and none: as TensorRT-LLM. Sources: engine_memory.cpp.
EngineMemory engine_memory(std::string_view engine);

}  // namespace energylens::predictor
