// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "energylens/hardware/catalogue.hpp"
#include "energylens/predictor/engine_memory.hpp"
#include "energylens/predictor/metric.hpp"
#include "energylens/table/group.hpp"
#include "energylens/table/row.hpp"

namespace energylens::predictor {

inline constexpr int kUsualGpusPerNode = 8;

/// The system specification of a group: published figures of its model and GPU. No fit changes them; unknown ones are
/// kUnknown.
struct Facts {
  double params = kUnknown, active_params = kUnknown;  ///< counts
  double weight_bytes = kUnknown;                      ///< of one replica
  double kv_bytes_per_token = kUnknown;                ///< over all layers; 0 for pure state-space models
  double context_tokens = kUnknown;  ///< most tokens of one request, input and output together
  double expert_share = 1;           ///< k/n, experts used per token over experts; 1 for dense
  double always_read_share = 1;      ///< s_w, share of the weights every step reads; 1 for dense
  double fixed_time_share =
      0;  ///< f, part of a step's time that reads no experts, 0 to 1; without effect if dense
  double kv_heads = kUnknown;  ///< of a layer with a KV cache; latent attention counts as one
  /// Tokens of one request that a decode step works on: 1, or those that speculative decoding verifies.
  double verified_tokens = 1;
  double gpu_memory_bytes = kUnknown;
  double gpu_tdp_w = kUnknown, gpu_idle_w = kUnknown;
  double gpu_bandwidth_bytes_s = kUnknown, gpu_peak_flops = kUnknown;  ///< peak in the group's compute type
  double gpu_link_bytes_s = kUnknown;  ///< one direction, per GPU, to its peers
  double attention_heads = kUnknown, experts = kUnknown, layers = kUnknown;  ///< what layouts must divide
  double gpus_per_node =
      kUnknown;         ///< GPUs that a tensor-parallel group may span; unknown: kUsualGpusPerNode
  EngineMemory memory;  ///< how the engine of the group divides the memory of a GPU
};

/// From the catalogue entries of the group's model and GPU. Missing figures are read from the columns of the group
/// (params_b, active_params_b, arch). A mixture of experts that is not in the catalogue gets
/// expert_share = active/total and always_read_share = 0.
Facts facts(const table::GroupIdentity& identity, const hardware::Catalogue& catalogue);

/// Whether the label of a workload says that decoding is speculative: "random+mtp", "chat eagle3".
bool names_speculation(std::string_view workload);

/// --gpu-memory-utilization: replaces the share of memory that the engine takes, if `share` is known.
void set_memory_share(Facts& facts, double share) noexcept;

/// Replaces the unknown sizes and figures of `facts` by those of `other`.
void fill_unknown(Facts& facts, const Facts& other) noexcept;

/// s, the share of the energy or time of a decode step without load that does not depend on the number of experts
/// read; 1 for dense models. Source: docs/method/law.md (4).
double always_spent_share(const Facts& facts, Metric metric) noexcept;

/// Cost of a decode step of `wave_size` requests without load, as a share of a step that reads all weights:
/// s + (1-s)(1-(1-k/n)^batch); 1 for dense models. Source: docs/method/law.md (4).
double step_share(const Facts& facts, double wave_size, Metric metric) noexcept;

/// Weights that a server's step of `tokens` reads, over all weights of one copy: every one of `ranks` that have a
/// copy of the attention reads it, and together they read the experts of all tokens. Source: docs/method/law.md (4a).
double weights_read(const Facts& facts, double tokens, double ranks) noexcept;

/// v, tokens of one request that a step works on: the drafted ones and one more where the load states them; else of
/// loads with accepted tokens above 1 at least those.
double verified_tokens(const Facts& facts, const table::Load& load) noexcept;

/// Copies of the KV cache that `tp` GPUs keep: a head is not split, so beyond one GPU per head they keep the same.
double kv_copies(const Facts& facts, double tp) noexcept;

}  // namespace energylens::predictor
