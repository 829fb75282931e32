// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/predictor/engine_memory.hpp"
#include "energylens/simulate/simulate.hpp"

namespace energylens::simulate {

/// Figures of a model on a type of GPU, in SI units. Every member is known.
struct System {
  // model
  double active_params = 0;  ///< parameters used per token
  double weight_bytes = 0;   ///< of the whole model
  double expert_share = 1;   ///< experts per token over experts of a layer
  double routed_share = 0;   ///< share of the weights in routed experts
  double layers = 0, attention_layers = 0, hidden = 0;
  double kv_heads = 0;
  double attention_heads = kUnknown;  ///< query heads
  double attention_width = 0;         ///< elements of all query heads of one layer
  double kv_bytes = 0;                ///< of one token, all layers
  double state_bytes = 0;             ///< recurrent state of one request, all layers
  double encoder_flops = 0;           ///< of one image token
  // GPU
  double memory_bytes = 0, bandwidth = 0, link = 0;
  double weight_flops = 0;     ///< peak in the type of the weights, FLOP/s
  double attention_flops = 0;  ///< peak in 16 bits, FLOP/s
  double gpus_per_node = kUnknown;
  predictor::EngineMemory memory;  ///< how the simulated engine divides the memory
  double idle_w = 0;               ///< weights loaded, no request
  double awake_w = 0;              ///< waiting while a request runs: clocks up, spinning
  double limit_w = 0;              ///< least of TDP and power limit
  double joules_per_flop = 0;      ///< in the type of the weights
  double joules_per_attention_flop = 0;
  double joules_per_byte = 0;  ///< of device memory
  double joules_per_link_byte = 0;
};

/// Looks up the names of `options`. Throws Error (usage) for an unknown name or figure.
System find_system(const Options& options, const hardware::Catalogue& catalogue);

}  // namespace energylens::simulate
