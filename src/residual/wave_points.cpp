// SPDX-License-Identifier: Apache-2.0
#include "residual/wave_points.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::residual {
namespace {

double log_count(double tokens) {
  return known(tokens) ? std::log(std::max(tokens, 1.0)) : 0;
}

table::Layout replica_of(table::Layout layout) {
  if (!layout.attention_data_parallel()) layout.dp = 1;
  return layout;
}

}  // namespace

std::vector<table::Layout> replicas_of(std::vector<table::Layout> layouts) {
  for (table::Layout& layout : layouts) layout = replica_of(layout);
  std::ranges::sort(layouts);
  layouts.erase(std::unique(layouts.begin(), layouts.end()), layouts.end());
  return layouts;
}

std::size_t label_of(std::span<const table::Layout> replicas, const table::Layout& layout) {
  return static_cast<std::size_t>(std::ranges::find(replicas, replica_of(layout)) - replicas.begin());
}

numerics::Combination place_of(const predictor::Breakdown& breakdown, const table::Load& load,
                               std::size_t label) {
  numerics::Combination place;
  for (const predictor::WaveShare& wave : breakdown.waves) {
    place.push_back({{std::log(wave.size), log_count(load.osl), log_count(load.isl)}, label, wave.share});
  }
  return place;
}

std::optional<predictor::Breakdown> breakdown_of(const parametric::Model& form, std::size_t group,
                                                 table::Configuration config,
                                                 const predictor::Prediction& prediction) {
  if (!prediction.valid) return std::nullopt;
  config.kv_capacity_tokens = prediction.kv_capacity_tokens;
  config.kv_block_tokens = prediction.kv_block_tokens;
  return form.breakdown(group, config);
}

}  // namespace energylens::residual
