// SPDX-License-Identifier: Apache-2.0
// What each wave contributes to the energy of a row: the formula is evaluated for one wave of
// its size. Held by breakdown_test.cpp.
#include "parametric/structure/compiled.hpp"
#include "predictor/waves.hpp"

namespace energylens::parametric {
namespace {

WaveRows row_of(const table::Configuration& config, const predictor::Facts& facts) {
  WaveRows row(Metric::energy);
  row.add(config, facts);
  return row;
}

/// One wave of `size` requests on every replica.
table::Configuration one_wave(table::Configuration config, double size) {
  config.load.batch = size * predictor::replicas(config.layout);
  config.load.max_batch = kUnknown;
  config.kv_capacity_tokens = kUnknown;
  return config;
}

}  // namespace

std::optional<predictor::Breakdown> StructureModel::breakdown(std::size_t group,
                                                              const table::Configuration& config) const {
  const GroupStructure& fit = content_.groups[group];
  if (!fit.energy || !predictor::answerable(fit, config.load) || !(predictor::waves(config).count() > 0))
    return std::nullopt;
  const FormulaPrograms& formula = compiled_->energy->whole;
  const std::vector<double>& constants = fit.energy->constants;
  const WaveRows row = row_of(config, fit.facts);
  predictor::Breakdown out;
  out.value = formula.values(row, constants)[0];
  for (const std::vector<double>& slope : formula.slopes(row, constants))
    out.log_gradient.push_back(slope[0] / out.value);
  for (const predictor::EqualWaves& equal : predictor::waves_of_all_replicas(config)) {
    if (!(equal.count > 0) || !(equal.size > 0)) continue;
    const double on_each = formula.values(row_of(one_wave(config, equal.size), fit.facts), constants)[0];
    out.waves.push_back({equal.size, equal.count * on_each / predictor::replicas(config.layout) / out.value});
  }
  return out;
}

}  // namespace energylens::parametric
