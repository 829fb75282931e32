// SPDX-License-Identifier: Apache-2.0
// Joint draws, docs/law.md (12) and the text after (13): parameters from their covariance, so that what two
// layouts have in common does not blur which of them is better; then what single rows differ by from the law.
// Held by predict_test.cpp.
#include <algorithm>
#include <cmath>

#include "energylens/core/rng.hpp"
#include "energylens/numerics/joint_normal.hpp"
#include "energylens/parametric/model.hpp"
#include "energylens/predictor/spread.hpp"
#include "parametric/law/terms.hpp"
#include "parametric/model/resolve.hpp"

namespace energylens::law {
namespace {

/// What the law needs of one configuration; the divisor is unknown where it cannot answer.
struct Asked {
  Terms terms;
  double divisor = kUnknown;
};

Asked asked_of(const GroupLaw& law, const table::Configuration& config, double flag_tokens) {
  predictor::Prediction ignored;
  const table::Configuration resolved_config = resolved(law, config, flag_tokens, ignored);
  if (!ignored.valid || !predictor::answerable(law, config.load)) return {};
  const bool per_token = config.load.kind == table::RowKind::steady;
  return {terms(resolved_config, {law.facts, law.isl_known, true}),
          per_token ? config.load.batch * config.load.osl : 1};
}

}  // namespace

std::vector<double> Model::draw(std::size_t group, std::span<const table::Configuration> configs,
                                std::size_t n, std::uint64_t seed) const {
  const GroupLaw& law = content_.laws[group];
  if (!law.energy) return {};
  std::vector<Asked> asked;
  for (const table::Configuration& config : configs)
    asked.push_back(asked_of(law, config, content_.flag_capacity_tokens));
  const predictor::RowNoise noise(configs);
  const Coordinates centre = coordinates_of(law.energy->parameters);
  const numerics::JointNormal uncertainty({centre.begin(), centre.end()}, law.energy->covariance);
  Rng rng(seed);
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) {
    Coordinates z;
    std::ranges::copy(uncertainty.draw(rng), z.begin());
    const Parameters parameters = parameters_at(z);
    const std::vector<double> residual = noise.draw(rng);
    for (std::size_t c = 0; c < configs.size(); ++c) {
      const double factor = std::exp(law.energy->residual_sd * residual[c]);
      out.push_back(evaluate(parameters, asked[c].terms).total() / asked[c].divisor * factor);
    }
  }
  return out;
}

}  // namespace energylens::law
