// SPDX-License-Identifier: Apache-2.0
// The law itself, value and exact gradient, on terms that depend on no parameter. Three layout factors and one
// power per wave are the only transcendental functions: about 0.1 us a row. Held by formula_test.cpp against
// the expression of formula.cpp and by terms_test.cpp against central differences.
#include "terms.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/model/waves.hpp"

namespace energylens::law {
namespace {

struct LayoutFactors {
  double prefill, weights, traffic;  ///< tp^a2 pp^a3, tp^b1 pp^b2, tp^b5 pp^b6
  LayoutFactors(const Parameters& c, const Terms& x)
      : prefill(std::exp(c[A2] * x.log_tp + c[A3] * x.log_pp)),
        weights(std::exp(c[B1] * x.log_tp + c[B2] * x.log_pp)),
        traffic(std::exp(c[B5] * x.log_tp + c[B6] * x.log_pp)) {}
};

/// The addends of one wave, summed over its count and the replicas; docs/law.md (1).
struct Addends {
  double start, input, weights, traffic, cache;
  Addends(const Parameters& c, const Terms& x, const LayoutFactors& layout, const WaveTerms& wave) {
    const double n = x.replicas * wave.count;
    start = n * c[A0] * layout.prefill;
    input = n * c[A1] * wave.batch * x.input * layout.prefill;
    weights = n * x.steps * c[B0] * wave.weights_read * layout.weights;
    traffic = n * x.steps * c[B3] * std::exp(c[B4] * wave.log_batch) * layout.traffic;
    cache = n * x.steps * c[B7] * wave.batch * x.context;
  }
};

void add_gradients(const Terms& x, const WaveTerms& wave, const Addends& part,
                   PhaseGradients& g) {
  const double prefill = part.start + part.input;
  g.prefill[A0] += part.start;
  g.prefill[A1] += part.input;
  g.prefill[A2] += prefill * x.log_tp;
  g.prefill[A3] += prefill * x.log_pp;
  g.decode[B0] += part.weights;
  g.decode[B1] += part.weights * x.log_tp;
  g.decode[B2] += part.weights * x.log_pp;
  g.decode[B3] += part.traffic;
  g.decode[B4] += part.traffic * wave.log_batch;
  g.decode[B5] += part.traffic * x.log_tp;
  g.decode[B6] += part.traffic * x.log_pp;
  g.decode[B7] += part.cache;
}

WaveTerms wave_terms(double count, double batch, const model::Facts& facts, double log_reference) {
  if (count <= 0 || batch <= 0) return {};
  return {count, batch, std::log(batch) - log_reference, model::weight_share_read(facts, batch)};
}

}  // namespace

Terms terms(const table::Configuration& config, const Reading& reading, const Reference& reference) {
  const table::Load& load = config.load;
  const model::Waves waves = model::waves(config);
  Terms x;
  x.replicas = reading.energy ? model::replicas(config.layout) : 1;
  // Attention data parallel under expert parallelism: all its GPUs work on every step.
  const int tp = config.layout.tp * (config.layout.attention_data_parallel() ? config.layout.dp : 1);
  x.log_tp = std::log(tp) - reference.log_tp;
  x.log_pp = std::log(config.layout.pp) - reference.log_pp;
  x.input = reading.isl_known ? load.computed_isl() : 1;
  x.steps = load.decode_steps();
  x.tokens = std::max(load.osl - 1, 0.0);
  x.context = (reading.isl_known ? load.isl : 0) + load.osl / 2;
  x.waves[0] = wave_terms(waves.full, waves.size, reading.facts, reference.log_batch);
  x.waves[1] = wave_terms(waves.remainder > 0 ? 1 : 0, waves.remainder, reading.facts, reference.log_batch);
  return x;
}

Phases evaluate(const Parameters& c, const Terms& x) noexcept {
  const LayoutFactors layout(c, x);
  Phases sum;
  for (const WaveTerms& wave : x.waves) {
    if (wave.count <= 0) continue;
    const Addends part(c, x, layout, wave);
    sum.prefill += part.start + part.input;
    sum.decode += part.weights + part.traffic + part.cache;
  }
  return sum;
}

Phases evaluate(const Parameters& c, const Terms& x, PhaseGradients& gradients) noexcept {
  const LayoutFactors layout(c, x);
  gradients = {};
  Phases sum;
  for (const WaveTerms& wave : x.waves) {
    if (wave.count <= 0) continue;
    const Addends part(c, x, layout, wave);
    sum.prefill += part.start + part.input;
    sum.decode += part.weights + part.traffic + part.cache;
    add_gradients(x, wave, part, gradients);
  }
  return sum;
}

Parameters parameters_at(const Coordinates& z) noexcept {
  Parameters c;
  for (std::size_t j = 0; j < kParameters; ++j) c[j] = parameter_infos()[j].scale ? std::exp(z[j]) : z[j];
  return c;
}

Coordinates coordinates_of(const Parameters& c) noexcept {
  Coordinates z;
  for (std::size_t j = 0; j < kParameters; ++j) z[j] = parameter_infos()[j].scale ? std::log(c[j]) : c[j];
  return z;
}

Coordinates moved_to_origin(const Coordinates& z, const Reference& r) noexcept {
  Coordinates out = z;
  out[A0] -= z[A2] * r.log_tp + z[A3] * r.log_pp;
  out[A1] -= z[A2] * r.log_tp + z[A3] * r.log_pp;
  out[B0] -= z[B1] * r.log_tp + z[B2] * r.log_pp;
  out[B3] -= z[B4] * r.log_batch + z[B5] * r.log_tp + z[B6] * r.log_pp;
  return out;
}

}  // namespace energylens::law
