// SPDX-License-Identifier: Apache-2.0
// Predictions with their intervals, docs/law.md (13): the delta method on ln E in the free coordinates, plus the
// spread of whole rows around the law. Held by predict_test.cpp (against the expression; coverage in
// docs/results.md).
#include <algorithm>
#include <cmath>

#include "energylens/numerics/distributions.hpp"
#include "energylens/parametric/model.hpp"
#include "energylens/predictor/latency.hpp"
#include "parametric/law/terms.hpp"
#include "parametric/model/resolve.hpp"

namespace energylens::law {
namespace {

using predictor::Estimate;

/// Variance of the logarithm of a value whose derivatives against the coordinates are `gradient`.
double log_variance(const Coordinates& gradient, double value, std::span<const double> covariance) {
  double sum = 0;
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t j = 0; j < kParameters; ++j)
      sum += gradient[i] * covariance[i * kParameters + j] * gradient[j];
  }
  return std::max(sum, 0.0) / (value * value);
}

struct PhaseEstimates {
  Phases value;
  double total_sd = 0, prefill_sd = 0, decode_sd = 0;  ///< of the logarithms, residual spread included
  double t = 0;                                        ///< half-width of 90 % in standard deviations
};

double with_spread(double variance, double spread, double fallback) {
  const double s = known(spread) ? spread : fallback;
  return std::sqrt(variance + s * s);
}

PhaseEstimates estimates(const TargetFit& fit, const Terms& x) {
  PhaseGradients g;
  PhaseEstimates out;
  out.value = evaluate(fit.parameters, x, g);
  Coordinates total;
  for (std::size_t j = 0; j < kParameters; ++j) total[j] = g.prefill[j] + g.decode[j];
  out.total_sd = with_spread(log_variance(total, out.value.total(), fit.covariance), fit.residual_sd, 0);
  out.prefill_sd = with_spread(log_variance(g.prefill, out.value.prefill, fit.covariance), fit.prefill_sd,
                               fit.residual_sd);
  if (out.value.decode > 0) {
    out.decode_sd =
        with_spread(log_variance(g.decode, out.value.decode, fit.covariance), fit.decode_sd, fit.residual_sd);
  }
  out.t = numerics::student_t_quantile(0.95, fit.degrees_of_freedom);
  return out;
}

Estimate interval(double value, double log_sd, double t) {
  return {value, value * std::exp(-t * log_sd), value * std::exp(t * log_sd)};
}

Estimate scaled(const Estimate& e, double factor) {
  return {e.value * factor, e.lo * factor, e.hi * factor};
}

/// The law of `count` = 1 wave, in one replica.
Phases one_wave(const TargetFit& fit, Terms x, const WaveTerms& wave) {
  x.replicas = 1;
  x.waves = {wave, WaveTerms{}};
  x.waves[0].count = 1;
  return evaluate(fit.parameters, x);
}

/// The waves of a job with the seconds of each.
std::vector<predictor::TimedWave> timed_waves(const TargetFit& fit, const Terms& x) {
  std::vector<predictor::TimedWave> out;
  for (const WaveTerms& wave : x.waves) {
    if (wave.count <= 0) continue;
    const Phases phases = one_wave(fit, x, wave);
    out.push_back({wave.count, wave.batch, phases.prefill, phases.decode});
  }
  return out;
}

/// Under continuous batching a newcomer waits for the step in flight, then for its own prefill.
double steady_ttft_s(const TargetFit& fit, const Terms& x) {
  WaveTerms alone = x.waves[1];
  alone.batch = 1;
  alone.log_batch = 0;
  const Phases together = one_wave(fit, x, x.waves[1]);
  return one_wave(fit, x, alone).prefill + (x.steps > 0 ? together.total() / x.steps : 0);
}

void predict_energy(const TargetFit& fit, const Reading& reading, const table::Configuration& config,
                    predictor::Prediction& out) {
  const PhaseEstimates e = estimates(fit, terms(config, reading));
  out.total_energy_j = interval(e.value.total(), e.total_sd, e.t);
  out.energy_per_out_token_j = scaled(out.total_energy_j, 1 / (config.load.batch * config.load.osl));
  const bool all_prefill = e.value.decode == 0;  // one quantity, one interval
  out.prefill_energy_j = all_prefill ? out.total_energy_j : interval(e.value.prefill, e.prefill_sd, e.t);
  out.decode_energy_j = e.value.decode > 0 ? interval(e.value.decode, e.decode_sd, e.t) : Estimate{0, 0, 0};
}

void predict_time(const TargetFit& fit, const Reading& reading, const table::Configuration& config,
                  predictor::Prediction& out) {
  const Terms x = terms(config, reading);
  const PhaseEstimates e = estimates(fit, x);
  const bool steady = config.load.kind == table::RowKind::steady;
  out.total_time_s = interval(e.value.total(), e.total_sd, e.t);
  if (reading.isl_known) {
    const double ttft = steady ? steady_ttft_s(fit, x) : predictor::mean_ttft_s(timed_waves(fit, x));
    out.ttft_s = interval(ttft, x.waves[0].count > 0 || e.value.decode == 0 ? e.total_sd : e.prefill_sd, e.t);
  }
  if (x.steps > 0) {
    const double tpot =
        steady ? e.value.total() / x.tokens : predictor::mean_tpot_s(timed_waves(fit, x), x.tokens);
    out.tpot_s = interval(tpot, steady ? e.total_sd : e.decode_sd, e.t);
  }
}

/// Whether rows of the group itself had the layout: the domain may hold those of its sources too.
bool was_measured(const GroupLaw& law, const table::Layout& layout) {
  const std::optional<TargetFit>& fit = law.energy ? law.energy : law.time;
  if (!fit || !fit->prior) return std::ranges::find(law.domain.layouts, layout) != law.domain.layouts.end();
  return std::ranges::find(fit->by_layout, layout, &LayoutResidual::layout) != fit->by_layout.end();
}

predictor::Capacity capacity_in(const GroupLaw& law, const table::Configuration& config, double flag_tokens) {
  for (const auto& [layout, tokens] : law.fitted_capacity) {
    if (layout.tp == config.layout.tp && layout.pp == config.layout.pp) return {tokens, "fitted"};
  }
  if (!known(config.kv_capacity_tokens)) {
    for (const auto& [layout, tokens] : law.stated_capacity) {
      if (layout.tp == config.layout.tp && layout.pp == config.layout.pp) return {tokens, "column"};
    }
  }
  const bool measured = was_measured(law, config.layout);
  if (law.fitted_capacity.empty()) return predictor::capacity_of(config, law.facts, flag_tokens, measured);
  table::Configuration blank = config;
  blank.kv_capacity_tokens = kUnknown;
  predictor::Capacity estimate = predictor::capacity_of(blank, law.facts, flag_tokens, measured);
  return {estimate.tokens * law.capacity_factor, "fitted"};
}

std::vector<table::GroupIdentity> identities_of(const std::vector<GroupLaw>& laws) {
  std::vector<table::GroupIdentity> out;
  for (const GroupLaw& law : laws) out.push_back(law.identity);
  return out;
}

}  // namespace

table::Configuration resolved(const GroupLaw& law, const table::Configuration& config, double flag_tokens,
                              predictor::Prediction& out) {
  return predictor::resolved(law, config, capacity_in(law, config, flag_tokens), out);
}

Model::Model(ModelContent content)
    : content_(std::move(content)), identities_(identities_of(content_.laws)) {}

bool Model::states(std::size_t group, predictor::Quantity quantity) const {
  const GroupLaw& law = content_.laws[group];
  if (quantity == predictor::Quantity::energy) return law.energy.has_value();
  return law.time.has_value() && (quantity != predictor::Quantity::ttft || law.isl_known);
}

predictor::Prediction Model::predict(std::size_t group, const table::Configuration& config) const {
  const GroupLaw& law = content_.laws[group];
  predictor::Prediction out;
  const table::Configuration asked = resolved(law, config, content_.flag_capacity_tokens, out);
  if (!out.valid || !predictor::answerable(law, config.load)) return out;
  if (law.energy) predict_energy(*law.energy, {law.facts, law.isl_known, true}, asked, out);
  if (law.time) predict_time(*law.time, {law.facts, law.isl_known, false}, asked, out);
  out.avg_power_w = predictor::mean_power(out.total_energy_j, out.total_time_s);
  return out;
}

}  // namespace energylens::law
