// SPDX-License-Identifier: Apache-2.0
#include "predictor/waves.hpp"

#include <cmath>
#include <limits>

namespace energylens::predictor {

double requests_at_once(double capacity_tokens, double isl, double osl, double block_tokens) noexcept {
  if (!known(capacity_tokens)) return std::numeric_limits<double>::infinity();
  const double tokens = (known(isl) ? isl : 0) + (known(osl) ? osl : 0);
  const double blocks = std::max(1.0, std::ceil(tokens / block_tokens));
  return std::floor(capacity_tokens / (block_tokens * blocks));
}

double requests_at_once(const table::Configuration& config) noexcept {
  return requests_at_once(config.kv_capacity_tokens, config.load.isl, config.load.osl,
                          config.kv_block_tokens);
}

double replicas(const table::Layout& layout) noexcept {
  return layout.attention_data_parallel() ? 1 : layout.dp;
}

Waves waves(const table::Configuration& config) noexcept {
  const double at_once = requests_at_once(config);
  const double per_replica = config.load.batch / replicas(config.layout);
  if (at_once < 1) return {};
  if (config.load.kind == table::RowKind::steady || per_replica < at_once) return {0, 0, per_replica};
  const double full = std::floor(per_replica / at_once);
  return {full, at_once, per_replica - full * at_once};
}

}  // namespace energylens::predictor
