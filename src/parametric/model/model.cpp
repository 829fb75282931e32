// SPDX-License-Identifier: Apache-2.0
// What is the same for every form: the KV capacity is resolved, the form answers, and the answer is completed. Joint
// draws, docs/method/uncertainty.md (12) and the text after (13): parameters from their covariance, so that what two layouts have in
// common does not blur which of them is better; then the scatter of single rows around the form.
// Held by predict_test.cpp and predict_structure_test.cpp.
#include "energylens/parametric/model.hpp"

#include <cmath>

#include "energylens/core/rng.hpp"
#include "energylens/io/json.hpp"
#include "numerics/joint_normal.hpp"
#include "predictor/spread.hpp"

namespace energylens::parametric {

predictor::CapacityRules Model::capacity_rules(std::size_t group, const table::Layout& layout) const {
  return predictor::capacity_rules(context(group), layout, record().flag_capacity_tokens);
}

table::Configuration Model::resolve(std::size_t group, const table::Configuration& config,
                                    predictor::Prediction& out) const {
  const predictor::CapacityRules rules = capacity_rules(group, config.layout);
  return predictor::resolved(context(group), config, predictor::resolve_kv_capacity(config, rules), out);
}

predictor::Prediction Model::predict(std::size_t group, const table::Configuration& config) const {
  predictor::Prediction out;
  const table::Configuration resolved = resolve(group, config, out);
  if (!out.valid || !predictor::answerable(context(group), config.load)) return out;
  predict_metrics(group, resolved, out);
  predictor::drop_implausible(out);
  out.avg_power_w = predictor::mean_power(out.total_energy_j, out.total_time_s);
  predictor::mark_power(context(group), config.layout, out);
  return out;
}

std::vector<double> Model::draw(std::size_t group, std::span<const table::Configuration> configs,
                                std::size_t n, std::uint64_t seed) const {
  const TargetFit* const energy = fit(group, Metric::energy);
  if (!energy) return {};
  std::vector<table::Configuration> answered;
  std::vector<std::size_t> columns;  // of the answered ones
  for (std::size_t c = 0; c < configs.size(); ++c) {
    predictor::Prediction prediction;
    const table::Configuration resolved = resolve(group, configs[c], prediction);
    if (!prediction.valid || !predictor::answerable(context(group), configs[c].load)) continue;
    answered.push_back(resolved);
    columns.push_back(c);
  }
  const Energies energies_at = energies_of(group, answered);
  const numerics::JointNormal parameters(energy_coordinates(group), energy->covariance);
  const predictor::RowNoise noise(configs);
  Rng rng(seed);
  std::vector<double> out(n * configs.size(), kUnknown);
  for (std::size_t i = 0; i < n; ++i) {
    const std::vector<double> energies = energies_at(parameters.draw(rng));
    const std::vector<double> residual = noise.draw(rng);
    for (std::size_t r = 0; r < answered.size(); ++r) {
      const table::Load& load = answered[r].load;
      const double divisor = load.kind == table::RowKind::steady ? load.batch * load.osl : 1;
      out[i * configs.size() + columns[r]] =
          energies[r] / divisor * std::exp(energy->residual_sd * residual[columns[r]]);
    }
  }
  return out;
}

std::string Model::to_json() const {
  return io::print_json(json()) + "\n";
}

}  // namespace energylens::parametric
