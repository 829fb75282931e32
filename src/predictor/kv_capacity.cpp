// SPDX-License-Identifier: Apache-2.0
// The one place that decides how many KV tokens a replica has. Held by tests/predictor/kv_capacity_test.cpp.
#include "energylens/predictor/kv_capacity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "energylens/predictor/facts.hpp"
#include "predictor/waves.hpp"

namespace energylens::predictor {
namespace {

constexpr std::array<std::string_view, 6> kCapacitySources = {"",          "column", "flag",
                                                              "catalogue", "fitted", "unlimited"};

/// Replicas of a layout have equal capacities: dp does not matter, unless attention is data parallel.
std::optional<double> capacity_of_layout(const LayoutCapacities* capacities, const table::Layout& layout) {
  if (!capacities) return std::nullopt;
  const auto same = [&layout](const auto& one) {
    const bool together = layout.attention_data_parallel() || one.first.attention_data_parallel();
    return together ? one.first == layout : one.first.tp == layout.tp && one.first.pp == layout.pp;
  };
  const auto found = std::ranges::find_if(*capacities, same);
  if (found == capacities->end()) return std::nullopt;
  return found->second;
}

Capacity estimate(const table::Configuration& config, const CapacityRules& rules) {
  const double tokens = estimated_capacity(config.layout, rules.facts),
               block = rules.facts.memory.block_tokens;
  const bool none_fits = requests_at_once(tokens, config.load.isl, config.load.osl, block) < 1;
  if (!known(tokens) || (none_fits && rules.measured)) return {kUnknown, CapacitySource::unlimited};
  return {tokens, CapacitySource::catalogue};
}

Capacity flag_or_estimate(const table::Configuration& config, const CapacityRules& rules) {
  return known(rules.flag_tokens) ? Capacity{rules.flag_tokens, CapacitySource::flag}
                                  : estimate(config, rules);
}

Capacity resolve(const table::Configuration& config, const CapacityRules& rules) {
  const bool fitted = rules.fitted && !rules.fitted->empty();
  if (const auto tokens = capacity_of_layout(rules.fitted, config.layout))
    return {*tokens, CapacitySource::fitted};
  if (known(config.kv_capacity_tokens)) {
    if (!fitted) return {config.kv_capacity_tokens, CapacitySource::column};
  } else if (const auto tokens = capacity_of_layout(rules.stated, config.layout)) {
    return {*tokens, CapacitySource::column};
  }
  const Capacity other = flag_or_estimate(config, rules);
  return fitted ? Capacity{other.tokens * rules.fitted_factor, CapacitySource::fitted} : other;
}

/// GPUs that share the requests of a replica.
int gpus_of_replica(const table::Layout& layout) {
  return layout.tp * layout.pp * (layout.attention_data_parallel() ? layout.dp : 1);
}

}  // namespace

double kv_room_bytes(const table::Layout& layout, const Facts& facts) {
  const EngineMemory& memory = facts.memory;
  const double gpus = gpus_of_replica(layout);
  const double copies = layout.attention_data_parallel() ? layout.dp : 1;
  const double weights = facts.weight_bytes * (1 + (copies - 1) * facts.always_read_share);
  if (memory.of_rest)
    return memory.share * ((facts.gpu_memory_bytes - memory.reserved_bytes) * gpus - weights);
  return (memory.share * facts.gpu_memory_bytes - memory.reserved_bytes) * gpus - weights;
}

double kv_bytes_of_replica(const table::Layout& layout, const Facts& facts) {
  const double held_by = facts.kv_heads > 0 ? std::min<double>(layout.tp, facts.kv_heads) : layout.tp;
  return facts.kv_bytes_per_token * layout.tp / held_by;
}

double estimated_capacity(const table::Layout& layout, const Facts& facts) {
  const double room = kv_room_bytes(layout, facts), bytes = kv_bytes_of_replica(layout, facts);
  if (!known(room) || !(bytes > 0)) return kUnknown;
  return std::floor(std::max(0.0, room / bytes));
}

table::Configuration with_capacity(table::Configuration config, const Capacity& capacity) {
  config.kv_capacity_tokens = capacity.tokens;
  config.kv_block_tokens = capacity.block_tokens;
  return config;
}

std::string_view capacity_source_text(CapacitySource source) {
  return kCapacitySources[static_cast<std::size_t>(source)];
}

Capacity resolve_kv_capacity(const table::Configuration& config, const CapacityRules& rules) {
  Capacity capacity = resolve(config, rules);
  capacity.block_tokens = rules.facts.memory.block_tokens;
  return capacity;
}

}  // namespace energylens::predictor
