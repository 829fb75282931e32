// SPDX-License-Identifier: Apache-2.0
#include "baseline/baseline.hpp"

#include <algorithm>
#include <array>

namespace energylens::baseline {
namespace {

/// Blanks sort first, so that the order is total.
std::array<double, 15> sort_key(const Sample& sample) {
  const table::Load& load = sample.config.load;
  const table::Layout& layout = sample.config.layout;
  std::array<double, 15> key{static_cast<double>(load.kind),
                             load.batch,
                             load.max_batch,
                             load.isl,
                             load.osl,
                             load.image_tokens,
                             load.cached_tokens,
                             load.accepted_per_step,
                             load.drafted_per_step,
                             static_cast<double>(layout.tp),
                             static_cast<double>(layout.pp),
                             static_cast<double>(layout.dp),
                             static_cast<double>(layout.ep),
                             sample.config.kv_capacity_tokens,
                             sample.energy_j};
  for (double& value : key) {
    if (!known(value)) value = -1;
  }
  return key;
}

}  // namespace

Baseline::Baseline(std::string_view kind, const predictor::TrainingData& data) : kind_(kind) {
  for (const predictor::TrainingGroup& group : data) identities_.push_back(group.group->identity);
}

predictor::Prediction EnergyBaseline::predict(std::size_t group, const table::Configuration& config) const {
  const predictor::Estimate energy = scenario_estimate(group, config);
  predictor::Prediction prediction;
  if (!(energy.value > 0)) return prediction;
  if (config.load.kind == table::RowKind::steady) {
    prediction.energy_per_out_token_j = energy;
  } else {
    const double tokens = config.load.batch * config.load.osl;
    prediction.total_energy_j = energy;
    prediction.energy_per_out_token_j = {energy.value / tokens, energy.lo / tokens, energy.hi / tokens};
  }
  return prediction;
}

std::vector<Sample> samples(const predictor::TrainingData& data, std::size_t index) {
  const predictor::TrainingGroup& training = data[index];
  std::vector<Sample> found;
  for (const std::size_t row : training.rows) {
    const table::Row& measured = training.group->rows[row];
    const double energy = measured.scenario_energy_j();
    if (energy > 0) found.push_back({index, measured.config, energy});
  }
  std::ranges::sort(found, {}, sort_key);
  return found;
}

std::vector<Sample> samples(const predictor::TrainingData& data) {
  std::vector<Sample> all;
  for (std::size_t group = 0; group < data.size(); ++group) {
    for (Sample& sample : samples(data, group)) all.push_back(std::move(sample));
  }
  return all;
}

}  // namespace energylens::baseline
