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
};

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
/// The estimate is 0.9 * ((memory per GPU - 4 GB) * tp * pp - weights) / KV bytes per token: an engine takes
/// 0.9 of what start-up, activations and weights leave. For a 70B model on H800 it is 4-15 % above the
/// capacities that the waves of measured rows show; on 24 GB GPUs it misses by 10 % with tp8 and more with pp8.
/// It ignores block rounding, sliding windows and memory for images. It is 0 when the weights do not fit.
/// Models without a KV cache (kv_bytes_per_token 0) are unlimited.
Capacity resolve_kv_capacity(const table::Configuration& config, const CapacityRules& rules);

}  // namespace energylens::predictor
