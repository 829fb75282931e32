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
constexpr double kUsableShare = 0.9;
constexpr double kStartupBytes = 4e9;  // per GPU: context, activations, communication buffers

double estimated_capacity(const table::Layout& layout, const Facts& facts) {
  const double room = (facts.gpu_memory_bytes - kStartupBytes) * layout.tp * layout.pp - facts.weight_bytes;
  if (!known(room) || !(facts.kv_bytes_per_token > 0)) return kUnknown;
  return std::floor(std::max(0.0, kUsableShare * room / facts.kv_bytes_per_token));
}

/// Replicas of a layout have equal capacities: dp does not matter.
std::optional<double> capacity_of_layout(const LayoutCapacities* capacities, const table::Layout& layout) {
  if (!capacities) return std::nullopt;
  const auto same = [&layout](const auto& one) {
    return one.first.tp == layout.tp && one.first.pp == layout.pp;
  };
  const auto found = std::ranges::find_if(*capacities, same);
  if (found == capacities->end()) return std::nullopt;
  return found->second;
}

Capacity estimate(const table::Configuration& config, const CapacityRules& rules) {
  const double tokens = estimated_capacity(config.layout, rules.facts);
  const bool none_fits = requests_at_once(tokens, config.load.isl, config.load.osl) < 1;
  if (!known(tokens) || (none_fits && rules.measured)) return {kUnknown, CapacitySource::unlimited};
  return {tokens, CapacitySource::catalogue};
}

Capacity flag_or_estimate(const table::Configuration& config, const CapacityRules& rules) {
  return known(rules.flag_tokens) ? Capacity{rules.flag_tokens, CapacitySource::flag}
                                  : estimate(config, rules);
}

}  // namespace

std::string_view capacity_source_text(CapacitySource source) {
  return kCapacitySources[static_cast<std::size_t>(source)];
}

Capacity resolve_kv_capacity(const table::Configuration& config, const CapacityRules& rules) {
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

}  // namespace energylens::predictor
