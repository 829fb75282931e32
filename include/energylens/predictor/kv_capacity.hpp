// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/table/row.hpp"

namespace energylens::predictor {

struct Facts;

/// Where the KV capacity of a replica comes from; `not_stated`: the predictor knows nothing of capacities.
enum class CapacitySource { not_stated, column, flag, catalogue, fitted, unlimited };
/// The word of the model file and of reports: "column", "flag", ...; "" for not_stated.
std::string_view capacity_source_text(CapacitySource source);

struct Capacity {
  double tokens = kUnknown;  ///< KV tokens of one replica; unknown = unlimited
  CapacitySource source = CapacitySource::not_stated;
  double block_tokens = 64;  ///< a request takes whole blocks
};

/// The configuration with this capacity.
table::Configuration with_capacity(table::Configuration config, const Capacity& capacity);

/// KV tokens of one replica, by layout.
using LayoutCapacities = std::vector<std::pair<table::Layout, double>>;

/// What decides the KV capacity of a layout. Everything that is referred to must outlive the rules.
struct CapacityRules {
  const Facts& facts;
  double flag_tokens = kUnknown;  ///< --kv-capacity-tokens
  bool measured = false;          ///< rows of the layout ran, so an estimate that holds no request is wrong
  const LayoutCapacities* stated = nullptr;  ///< by training rows, for configurations that state none
  const LayoutCapacities* fitted = nullptr;  ///< read from training rows; replaces all others unless empty
  double fitted_factor = 1;                  ///< fitted over estimated capacity, for layouts not in `fitted`
};

/// KV capacity of one replica, the first of: fitted to rows, column of the configuration, stated by training
/// rows, flag, estimate from the catalogue, unlimited.
/// The estimate is estimated_capacity. For a 70B model of TensorRT-LLM on H800 it is 4-15 % above the
/// capacities that the waves of measured rows show; on 24 GB GPUs it misses by 10 % with tp8 and more with pp8.
/// Models without a KV cache (kv_bytes_per_token 0) are unlimited.
Capacity resolve_kv_capacity(const table::Configuration& config, const CapacityRules& rules);

/// Bytes that the GPUs of a replica have for the KV cache by the rule of their engine (Facts::memory); negative if the
/// weights do not fit. Under attention data parallelism every data-parallel rank holds the weights that are always
/// read, and the ranks of all GPUs together are one replica. Unknown without weights or memory.
double kv_room_bytes(const table::Layout& layout, const Facts& facts);
/// The bytes that one token takes over the GPUs of a replica: more tensor-parallel GPUs than KV heads hold copies.
double kv_bytes_of_replica(const table::Layout& layout, const Facts& facts);
/// The tokens of that room, 0 if the weights do not fit. It ignores sliding windows, recurrent state
/// and memory for images. Unknown if a figure is, or without a KV cache.
double estimated_capacity(const table::Layout& layout, const Facts& facts);

}  // namespace energylens::predictor
