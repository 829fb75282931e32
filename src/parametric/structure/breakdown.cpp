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
  config.kv_capacity_tokens = kUnknown;
  return config;
}

}  // namespace

std::optional<predictor::Breakdown> StructureModel::breakdown(std::size_t group,
                                                              const table::Configuration& config) const {
  const GroupStructure& fit = content_.groups[group];
  const predictor::Waves waves = predictor::waves(config);
  if (!fit.energy || !predictor::answerable(fit, config.load) || !(waves.count() > 0)) return std::nullopt;
  const FormulaPrograms& formula = compiled_->energy->whole;
  const std::vector<double>& constants = fit.energy->constants;
  const WaveRows row = row_of(config, fit.facts);
  predictor::Breakdown out;
  out.value = formula.values(row, constants)[0];
  for (const std::vector<double>& slope : formula.slopes(row, constants))
    out.log_gradient.push_back(slope[0] / out.value);
  const auto add = [&](double count, double size) {
    if (!(count > 0) || !(size > 0)) return;
    const double alone = formula.values(row_of(one_wave(config, size), fit.facts), constants)[0];
    out.waves.push_back({size, count * alone / out.value});
  };
  add(waves.full, waves.size);
  add(1, waves.remainder);
  return out;
}

}  // namespace energylens::parametric
