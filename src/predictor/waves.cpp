// SPDX-License-Identifier: Apache-2.0
#include "predictor/waves.hpp"

#include <algorithm>
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

namespace {

/// The most requests of one replica in one wave; less than 1 where not one fits.
double most_in_wave(const table::Configuration& config) noexcept {
  const table::Load& load = config.load;
  const double at_once = requests_at_once(config);
  if (load.kind == table::RowKind::steady || !known(load.max_batch)) return at_once;
  return std::min(at_once, std::max(1.0, std::floor(load.max_batch / replicas(config.layout))));
}

/// How many replicas have `fewer` requests, and how many have one more.
struct Shares {
  double fewer = 0, with_fewer = 0, with_one_more = 0;
};
Shares shares_of(const table::Configuration& config) noexcept {
  const double copies = replicas(config.layout), batch = config.load.batch;
  const bool whole = config.load.kind == table::RowKind::job && std::floor(batch) == batch;
  const double fewer = whole ? std::floor(batch / copies) : batch / copies;
  const double more = whole ? batch - fewer * copies : 0;
  return {fewer, copies - more, more};
}

Waves split(double requests, double most, bool one_wave) noexcept {
  if (most < 1) return {};
  if (one_wave || requests < most) return {0, 0, requests};
  const double full = std::floor(requests / most);
  return {full, most, requests - full * most};
}

}  // namespace

Waves waves(const table::Configuration& config) noexcept {
  const Shares shares = shares_of(config);
  const double requests = shares.fewer + (shares.with_one_more > 0 ? 1 : 0);
  return split(requests, most_in_wave(config), config.load.kind == table::RowKind::steady);
}

std::array<EqualWaves, 3> waves_of_all_replicas(const table::Configuration& config) noexcept {
  const Shares shares = shares_of(config);
  const bool steady = config.load.kind == table::RowKind::steady;
  const double most = most_in_wave(config);
  const Waves fewer = split(shares.fewer, most, steady);
  const Waves more = shares.with_one_more > 0 ? split(shares.fewer + 1, most, steady) : Waves{};
  const double full = shares.with_fewer * fewer.full + shares.with_one_more * more.full;
  return {{{full, full > 0 ? most : 0},
           {fewer.remainder > 0 ? shares.with_fewer : 0, fewer.remainder},
           {more.remainder > 0 ? shares.with_one_more : 0, more.remainder}}};
}

}  // namespace energylens::predictor
