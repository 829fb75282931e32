// SPDX-License-Identifier: Apache-2.0
// Joint draws, docs/law.md (12) and the text after (13): parameters from their covariance, so that what two
// layouts have in common does not blur which of them is better; then what single rows differ by from the law.
// Steps of kernels sit at batches that all layouts share, so half of the variance of that is common to
// layouts that run equal loads: the belief of docs/residual.md. Held by predict_test.cpp.
#include <algorithm>
#include <cmath>

#include "energylens/core/rng.hpp"
#include "energylens/law/model.hpp"
#include "energylens/model/waves.hpp"
#include "energylens/solve/dense.hpp"
#include "law/resolve.hpp"
#include "prepare.hpp"

namespace energylens::law {
namespace {

constexpr double kSharedVariance = 0.5;

/// Two values that are not known are the same.
bool same(double a, double b) {
  return a == b || (!known(a) && !known(b));
}

bool same_load(const table::Configuration& a, const table::Configuration& b) {
  const double batch_a = a.load.batch / model::replicas(a.layout),
               batch_b = b.load.batch / model::replicas(b.layout);
  return same(batch_a, batch_b) && same(a.load.isl, b.load.isl) && same(a.load.osl, b.load.osl);
}

/// For each configuration, the first one that runs requests of the same lengths, as many in one replica.
std::vector<std::size_t> first_of_load(std::span<const table::Configuration> configs) {
  std::vector<std::size_t> first;
  for (const table::Configuration& config : configs) {
    const auto same_as = [&](const table::Configuration& other) { return same_load(other, config); };
    first.push_back(static_cast<std::size_t>(std::ranges::find_if(configs, same_as) - configs.begin()));
  }
  return first;
}

/// One draw of what rows differ by from the law: standard normal, half of the variance common to equal loads.
std::vector<double> residuals(std::span<const std::size_t> load, Rng& rng) {
  std::vector<double> shared, drawn;
  for (std::size_t c = 0; c < load.size(); ++c) shared.push_back(rng.normal());
  for (const std::size_t first : load) {
    drawn.push_back(std::sqrt(kSharedVariance) * shared[first] +
                    std::sqrt(1 - kSharedVariance) * rng.normal());
  }
  return drawn;
}

/// What the law needs of one configuration; the divisor is unknown where it cannot answer.
struct Asked {
  Terms terms;
  double divisor = kUnknown;
};

Asked asked_of(const GroupLaw& law, const table::Configuration& config, double flag_tokens) {
  model::Prediction ignored;
  const table::Configuration resolved_config = resolved(law, config, flag_tokens, ignored);
  if (!ignored.valid || !answerable(law, config.load)) return {};
  const bool per_token = config.load.kind == table::RowKind::steady;
  return {terms(resolved_config, {law.facts, law.isl_known, true}),
          per_token ? config.load.batch * config.load.osl : 1};
}

/// One draw of the coordinates around `centre`; `root` is the Cholesky root of their covariance.
Coordinates drawn_around(const Coordinates& centre, std::span<const double> root, Rng& rng) {
  Coordinates noise, z = centre;
  for (double& value : noise) value = rng.normal();
  for (std::size_t j = 0; j < kParameters; ++j) {
    for (std::size_t k = 0; k <= j; ++k) z[j] += root[j * kParameters + k] * noise[k];
  }
  return z;
}

}  // namespace

std::vector<double> Model::draw(std::size_t group, std::span<const table::Configuration> configs,
                                std::size_t n, std::uint64_t seed) const {
  const GroupLaw& law = content_.laws[group];
  if (!law.energy) return {};
  std::vector<Asked> asked;
  for (const table::Configuration& config : configs)
    asked.push_back(asked_of(law, config, content_.flag_capacity_tokens));
  const std::vector<std::size_t> load = first_of_load(configs);
  const Coordinates centre = coordinates_of(law.energy->parameters);
  const std::vector<double> root = solve::cholesky(law.energy->covariance, kParameters);
  Rng rng(seed);
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) {
    const Parameters parameters = parameters_at(drawn_around(centre, root, rng));
    const std::vector<double> residual = residuals(load, rng);
    for (std::size_t c = 0; c < configs.size(); ++c) {
      const double factor = std::exp(law.energy->residual_sd * residual[c]);
      out.push_back(evaluate(parameters, asked[c].terms).total() / asked[c].divisor * factor);
    }
  }
  return out;
}

}  // namespace energylens::law
