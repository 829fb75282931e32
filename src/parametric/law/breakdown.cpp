// SPDX-License-Identifier: Apache-2.0
// What each wave contributes to a row: the law is evaluated with the other waves left out. Held by
// breakdown_test.cpp.
#include "parametric/law/breakdown.hpp"

#include "parametric/law/observations.hpp"
#include "predictor/waves.hpp"

namespace energylens::parametric {
namespace {

bool answerable(const GroupLaw& law, const table::Configuration& config) {
  const table::Load& load = config.load;
  return load.batch > 0 && load.osl > 0 && (known(load.isl) || !law.isl_known) &&
         predictor::waves(config).count() > 0;
}

std::vector<WaveShare> wave_shares(const Parameters& parameters, const Terms& all, double value) {
  std::vector<WaveShare> out;
  for (const WaveTerms& wave : all.waves) {
    if (wave.count <= 0) continue;
    Terms alone = all;
    alone.waves = {wave};
    out.push_back({wave.size, evaluate(parameters, alone).total() / value});
  }
  return out;
}

}  // namespace

std::optional<Breakdown> breakdown(const GroupLaw& law, const table::Configuration& config, Metric metric) {
  const std::optional<LawFit>& fit = metric == Metric::energy ? law.energy : law.time;
  if (!fit || !answerable(law, config)) return std::nullopt;
  const Terms x = terms(config, reading_of(law, metric));
  PhaseGradients gradients;
  Breakdown out;
  out.value = evaluate(fit->parameters, x, gradients).total();
  out.waves = wave_shares(fit->parameters, x, out.value);
  for (std::size_t j = 0; j < kParameters; ++j) {
    out.log_gradient.push_back((gradients.prefill[j] + gradients.decode[j]) / out.value);
  }
  return out;
}

}  // namespace energylens::parametric
