// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace energylens::observe {

/// What a metric of an engine tells.
enum class Role {
  running,        ///< requests that are being processed
  waiting,        ///< requests that wait for the engine
  input_tokens,   ///< counter
  output_tokens,  ///< counter
  requests,       ///< counter of completed requests
  ttft_sum,
  ttft_count,
  tpot_sum,
  tpot_count,
  e2e_sum,
  e2e_count,
  cached_tokens,  ///< counter of input tokens found in the prefix cache
  cache_queries,  ///< counter of input tokens looked up in it
};
inline constexpr std::size_t kRoles = static_cast<std::size_t>(Role::cache_queries) + 1;
std::string_view role_text(Role role);
/// Whether the metric only rises, but for restarts.
bool is_counter(Role role);

/// One metric of one engine.
struct EngineMetric {
  std::string_view engine, name;
  Role role;
  std::string_view versions;      ///< in which it has this name; empty = all
  std::string_view label, value;  ///< only series with this label count; may be empty
};

/// All that are known. Of several names of one role the first that a server has counts.
std::span<const EngineMetric> engine_metrics();
/// Entries of that name.
const EngineMetric* find_engine_metric(std::string_view name, std::string_view label_value = {});

}  // namespace energylens::observe
