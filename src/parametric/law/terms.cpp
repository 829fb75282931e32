// SPDX-License-Identifier: Apache-2.0
// The law itself, value and exact gradient, on terms that depend on no parameter. Three layout powers and one
// power per wave are the only transcendental functions: about 0.1 us a row. Held by formula_test.cpp against
// the expression of formula.cpp and by terms_test.cpp against central differences.
#include "parametric/law/terms.hpp"

#include <algorithm>
#include <cmath>

#include "predictor/waves.hpp"

namespace energylens::parametric {
namespace {

/// What the layout makes of each part, docs/method/law.md (1).
struct LayoutFactors {
  double waiting;  ///< p t^b6; in time t^b6
  double traffic;  ///< X, p (t^b6 - 1); in time t^b6 - 1
  double prefill, weights, work;
  LayoutFactors(const Parameters& c, const Terms& x)
      : waiting(x.traffic_width * std::exp(c[B6] * x.traffic_log)),
        traffic(waiting - x.traffic_width),
        prefill(x.shared * (1 + c[A2] * traffic) * std::exp(c[A3] * x.log_pp)),
        weights(std::exp(c[B1] * x.log_tp) * (1 + c[B2] * x.further_stages)),
        work(x.shared * (1 + c[B5] * traffic)) {}
};

/// The addends of one wave, summed over its count; docs/method/law.md (1).
struct Addends {
  double start, input, weights, work, cache;
  Addends(const Parameters& c, const Terms& x, const LayoutFactors& layout, const WaveTerms& wave) {
    const double n = wave.count, steps = n * x.steps;
    const double growth = std::exp(c[B4] * wave.log_size);
    start = n * c[A0] * layout.prefill;
    input = n * c[A1] * wave.size * x.input * layout.prefill;
    weights = steps * c[B0] * wave.weights_read * layout.weights;
    work = steps * c[B3] * growth * layout.work;
    cache = steps * c[B7] * growth * x.context * x.shared;
  }
};

/// Derivatives against ln of positive parameters, and against the others.
void add_gradients(const Parameters& c, const Terms& x, const WaveTerms& wave, const Addends& part,
                   const LayoutFactors& layout, PhaseGradients& g) {
  const double prefill = part.start + part.input;
  const double of_prefill = prefill * c[A2] / (1 + c[A2] * layout.traffic);
  const double of_work = part.work * c[B5] / (1 + c[B5] * layout.traffic);
  const double waiting = layout.waiting * x.traffic_log * c[B6];
  g.prefill[A0] += part.start;
  g.prefill[A1] += part.input;
  g.prefill[A2] += of_prefill * layout.traffic;
  g.prefill[A3] += prefill * x.log_pp;
  g.prefill[B6] += of_prefill * waiting;
  g.decode[B0] += part.weights;
  g.decode[B1] += part.weights * x.log_tp;
  g.decode[B2] += part.weights * c[B2] * x.further_stages / (1 + c[B2] * x.further_stages);
  g.decode[B3] += part.work;
  g.decode[B4] += (part.work + part.cache) * wave.log_size;
  g.decode[B5] += of_work * layout.traffic;
  g.decode[B6] += of_work * waiting;
  g.decode[B7] += part.cache;
}

/// The addends of one wave of a server, docs/method/law.md (5a).
struct ServerAddends {
  double requests;  ///< as they lie on the ranks: the fullest sets the pace
  double growth_log;
  double traffic, waiting;  ///< X, and its derivative against ln b6
  double experts;           ///< 1 + c2 where experts are parallel
  double stages;            ///< 1 + b2 (p - 1)
  double prompts, reading, waits, work, tokens, cache;

  ServerAddends(const Parameters& c, const Terms& x, const WaveTerms& wave) {
    const double n = wave.count, steps = n * x.steps;
    const double gpus_to_b6 = x.traffic_width * std::exp(c[B6] * x.traffic_log);
    requests = wave.size + c[C1] * wave.scatter;
    growth_log = wave.log_size + std::log(requests / wave.size * x.step_tokens);
    traffic = gpus_to_b6 - x.traffic_width;
    waiting = gpus_to_b6 * x.traffic_log * c[B6];
    experts = 1 + (x.experts_apart ? c[C2] : 0);
    stages = 1 + c[B2] * x.further_stages;
    const double shared_work = x.shared * (1 + c[B5] * traffic);
    const double no_load = steps * c[B0] * stages * experts * (1 + x.drafting);
    prompts = n * c[A1] * wave.size * x.input * shared_work;
    reading = no_load * wave.weights_read * x.shared;
    waits = no_load * c[C0] * std::exp(c[B1] * x.log_tp);
    work = steps * c[B3] * std::exp(c[B4] * growth_log) * experts * shared_work;
    tokens = steps * c[A1] * requests * x.step_tokens * shared_work;
    cache = steps * c[B7] * requests * x.step_tokens * x.context * x.kv_copies * x.shared;
  }
  Phases phases() const { return {prompts, reading + waits + work + tokens + cache}; }
};

void add_server_gradients(const Parameters& c, const Terms& x, const WaveTerms& wave,
                          const ServerAddends& part, PhaseGradients& g) {
  const double share = c[B5] / (1 + c[B5] * part.traffic), no_load = part.reading + part.waits;
  const double sent = part.work + part.tokens;
  g.prefill[A1] += part.prompts;
  g.prefill[B5] += part.prompts * share * part.traffic;
  g.prefill[B6] += part.prompts * share * part.waiting;
  g.decode[C0] += part.waits;
  g.decode[A1] += part.tokens;
  g.decode[C1] += (part.work * c[B4] + part.tokens + part.cache) * c[C1] * wave.scatter / part.requests;
  g.decode[C2] += (no_load + part.work) * (part.experts - 1) / part.experts;
  g.decode[B0] += no_load;
  g.decode[B1] += part.waits * x.log_tp;
  g.decode[B2] += no_load * (part.stages - 1) / part.stages;
  g.decode[B3] += part.work;
  g.decode[B4] += part.work * part.growth_log;
  g.decode[B5] += sent * share * part.traffic;
  g.decode[B6] += sent * share * part.waiting;
  g.decode[B7] += part.cache;
}

Phases evaluate_server(const Parameters& c, const Terms& x, PhaseGradients* gradients) {
  Phases sum;
  for (const WaveTerms& wave : x.waves) {
    if (wave.count <= 0) continue;
    const ServerAddends part(c, x, wave);
    sum.prefill += part.phases().prefill;
    sum.decode += part.phases().decode;
    if (gradients) add_server_gradients(c, x, wave, part, *gradients);
  }
  return sum;
}

/// What the waves of one configuration have in common.
struct WaveReading {
  const Reading& reading;
  double ranks, verified, log_reference;
};

WaveTerms wave_terms(double count, double size, const WaveReading& r) {
  if (count <= 0 || size <= 0) return {};
  const predictor::Facts& facts = r.reading.facts;
  WaveTerms wave{count, size, std::log(size) - r.log_reference};
  if (r.reading.form == Form::job) {
    wave.weights_read = predictor::step_share(facts, size, r.reading.metric);
  } else {
    wave.weights_read = predictor::weights_read(facts, size * r.verified, r.ranks);
    wave.scatter = r.ranks > 1 ? std::sqrt(r.ranks * size) : 0;
  }
  return wave;
}

/// What only servers need.
void add_server_terms(const table::Configuration& config, const predictor::Facts& facts, double verified,
                      Terms& x) {
  x.form = Form::server;
  x.experts_apart = config.layout.ep > 1;
  x.kv_copies = predictor::kv_copies(facts, config.layout.tp);
  // Where nobody states the accepted tokens, steps are counted by tokens, and so is the work of each.
  if (!known(config.load.accepted_per_step)) return;
  x.step_tokens = verified;
  // Each drafted token passes through a head of about one layer.
  if (facts.layers > 0) x.drafting = (verified - 1) / facts.layers;
}

}  // namespace

Terms terms(const table::Configuration& config, const Reading& reading, const Reference& reference) {
  const table::Load& load = config.load;
  Terms x;
  // Attention data parallel under expert parallelism: all its GPUs work on every step.
  const int ranks = config.layout.attention_data_parallel() ? config.layout.dp : 1;
  const int tp = config.layout.tp * ranks;
  x.log_tp = std::log(tp) - reference.log_tp;
  x.log_pp = std::log(config.layout.pp) - reference.log_pp;
  x.further_stages = config.layout.pp - 1;
  x.traffic_log = std::log(tp);
  x.traffic_width = reading.metric == Metric::energy ? config.layout.pp : 1;
  x.shared = reading.metric == Metric::energy ? 1 : 1.0 / tp;
  x.input = reading.isl_known ? load.computed_isl() : 1;
  x.steps = load.decode_steps();
  x.tokens = std::max(load.osl - 1, 0.0);
  x.context = reading.isl_known ? load.context() : load.osl / 2;
  const double verified = predictor::verified_tokens(reading.facts, load);
  const WaveReading common{reading, static_cast<double>(ranks), verified, reference.log_wave_size};
  if (reading.form == Form::server) add_server_terms(config, reading.facts, verified, x);
  if (reading.metric == Metric::energy) {
    const std::array<predictor::EqualWaves, 3> all = predictor::waves_of_all_replicas(config);
    std::ranges::transform(all, x.waves.begin(), [&](const predictor::EqualWaves& one) {
      return wave_terms(one.count, one.size, common);
    });
    return x;
  }
  const predictor::Waves longest = predictor::waves(config);
  x.waves[0] = wave_terms(longest.full, longest.size, common);
  x.waves[1] = wave_terms(longest.remainder > 0 ? 1 : 0, longest.remainder, common);
  return x;
}

Phases evaluate(const Parameters& c, const Terms& x) noexcept {
  if (x.form == Form::server) return evaluate_server(c, x, nullptr);
  const LayoutFactors layout(c, x);
  Phases sum;
  for (const WaveTerms& wave : x.waves) {
    if (wave.count <= 0) continue;
    const Addends part(c, x, layout, wave);
    sum.prefill += part.start + part.input;
    sum.decode += part.weights + part.work + part.cache;
  }
  return sum;
}

Phases evaluate(const Parameters& c, const Terms& x, PhaseGradients& gradients) noexcept {
  gradients = {};
  if (x.form == Form::server) return evaluate_server(c, x, &gradients);
  const LayoutFactors layout(c, x);
  Phases sum;
  for (const WaveTerms& wave : x.waves) {
    if (wave.count <= 0) continue;
    const Addends part(c, x, layout, wave);
    sum.prefill += part.start + part.input;
    sum.decode += part.weights + part.work + part.cache;
    add_gradients(c, x, wave, part, layout, gradients);
  }
  return sum;
}

Parameters parameters_at(const Coordinates& z, Form form) noexcept {
  Parameters c;
  for (std::size_t j = 0; j < kParameters; ++j)
    c[j] = parameter_infos(form)[j].positive ? std::exp(z[j]) : z[j];
  return c;
}

Coordinates coordinates_of(const Parameters& c, Form form) noexcept {
  Coordinates z;
  for (std::size_t j = 0; j < kParameters; ++j)
    z[j] = parameter_infos(form)[j].positive ? std::log(c[j]) : c[j];
  return z;
}

Coordinates moved_to_origin(const Coordinates& z, const Reference& r, Form form) noexcept {
  Coordinates out = z;
  if (form == Form::server) {
    out[C0] -= z[B1] * r.log_tp;
    out[B3] -= z[B4] * r.log_wave_size;
    return out;
  }
  out[A0] -= z[A3] * r.log_pp;
  out[A1] -= z[A3] * r.log_pp;
  out[B0] -= z[B1] * r.log_tp;
  out[B3] -= z[B4] * r.log_wave_size;
  out[B7] -= z[B4] * r.log_wave_size;
  return out;
}

}  // namespace energylens::parametric
