// SPDX-License-Identifier: Apache-2.0
// Predictions of the law with their intervals, docs/method/uncertainty.md (13): the delta method on ln E in the free coordinates, plus the
// spread of whole rows around the law. Held by predict_test.cpp (against the expression; coverage in
// docs/evidence/results.md).
#include "energylens/parametric/law_model.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/delta_method.hpp"
#include "numerics/distributions.hpp"
#include "parametric/formula.hpp"
#include "parametric/law/breakdown.hpp"
#include "parametric/law/observations.hpp"
#include "predictor/latency.hpp"

namespace energylens::parametric {
namespace {

using predictor::Estimate;

/// Variance of a value whose derivatives against the coordinates are `gradient`.
double variance_of(const Coordinates& gradient, std::span<const double> covariance) {
  Coordinates turned{};  // covariance * gradient; no sum waits for another
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t j = 0; j < kParameters; ++j) turned[j] += gradient[i] * covariance[i * kParameters + j];
  }
  double sum = 0;
  for (std::size_t j = 0; j < kParameters; ++j) sum += turned[j] * gradient[j];
  return sum;
}

struct PhaseEstimates {
  Phases value;
  double total_sd = 0, prefill_sd = 0, decode_sd = 0;  ///< of the logarithms, residual spread included
  double t = 0;                                        ///< half-width of 90 % in standard deviations
};

PhaseEstimates estimates(const LawFit& fit, const Terms& x) {
  PhaseGradients g;
  PhaseEstimates out;
  out.value = evaluate(fit.parameters, x, g);
  Coordinates total;
  for (std::size_t j = 0; j < kParameters; ++j) total[j] = g.prefill[j] + g.decode[j];
  const auto log_sd = [&fit](const Coordinates& gradient, double value, double scatter) {
    const double known_scatter = known(scatter) ? scatter : fit.residual_sd;
    return numerics::log_sd(variance_of(gradient, fit.covariance), value, known_scatter);
  };
  out.total_sd = log_sd(total, out.value.total(), fit.residual_sd);
  out.prefill_sd = log_sd(g.prefill, out.value.prefill, fit.prefill_sd);
  if (out.value.decode > 0) out.decode_sd = log_sd(g.decode, out.value.decode, fit.decode_sd);
  out.t = numerics::student_t_quantile(0.95, fit.degrees_of_freedom);
  return out;
}

/// The law of one wave.
Phases one_wave(const LawFit& fit, Terms x, const WaveTerms& wave) {
  x.waves = {wave};
  x.waves[0].count = 1;
  return evaluate(fit.parameters, x);
}

/// The waves of a job with the seconds of each.
std::vector<predictor::TimedWave> timed_waves(const LawFit& fit, const Terms& x) {
  std::vector<predictor::TimedWave> out;
  for (const WaveTerms& wave : x.waves) {
    if (wave.count <= 0) continue;
    const Phases phases = one_wave(fit, x, wave);
    out.push_back({wave.count, wave.size, phases.prefill, phases.decode});
  }
  return out;
}

/// Under continuous batching a newcomer waits for the step in flight, then for its own prefill.
double steady_ttft_s(const LawFit& fit, const Terms& x) {
  WaveTerms alone = x.waves[1];
  alone.size = 1;
  alone.log_size = 0;
  const Phases together = one_wave(fit, x, x.waves[1]);
  return one_wave(fit, x, alone).prefill + (x.steps > 0 ? together.total() / x.steps : 0);
}

void law_energy(const LawFit& fit, const Reading& reading, const table::Configuration& config,
                predictor::Prediction& out) {
  const PhaseEstimates e = estimates(fit, terms(config, reading));
  out.total_energy_j = predictor::log_interval(e.value.total(), e.total_sd * e.t);
  out.energy_per_out_token_j =
      predictor::scaled(out.total_energy_j, 1 / (config.load.batch * config.load.osl));
  const bool all_prefill = e.value.decode == 0;  // one quantity, one interval
  out.prefill_energy_j =
      all_prefill ? out.total_energy_j : predictor::log_interval(e.value.prefill, e.prefill_sd * e.t);
  out.decode_energy_j =
      e.value.decode > 0 ? predictor::log_interval(e.value.decode, e.decode_sd * e.t) : Estimate{0, 0, 0};
}

void law_time(const LawFit& fit, const Reading& reading, const table::Configuration& config,
              predictor::Prediction& out) {
  const Terms x = terms(config, reading);
  const PhaseEstimates e = estimates(fit, x);
  const bool steady = config.load.kind == table::RowKind::steady;
  out.total_time_s = predictor::log_interval(e.value.total(), e.total_sd * e.t);
  if (reading.isl_known) {
    const double ttft = steady ? steady_ttft_s(fit, x) : predictor::mean_ttft_s(timed_waves(fit, x));
    out.ttft_s = predictor::log_interval(
        ttft, (x.waves[0].count > 0 || e.value.decode == 0 ? e.total_sd : e.prefill_sd) * e.t);
  }
  if (x.steps > 0) {
    const double tpot =
        steady ? e.value.total() / x.tokens : predictor::mean_tpot_s(timed_waves(fit, x), x.tokens);
    out.tpot_s = predictor::log_interval(tpot, (steady ? e.total_sd : e.decode_sd) * e.t);
  }
}

/// Whether rows of the group itself had the layout: the domain may hold those of its sources too.
bool was_measured(const GroupLaw& law, const table::Layout& layout) {
  const std::optional<LawFit>& fit = law.energy ? law.energy : law.time;
  if (!fit || !fit->prior) return std::ranges::find(law.domain.layouts, layout) != law.domain.layouts.end();
  return std::ranges::find(fit->by_layout, layout, &LayoutResidual::layout) != fit->by_layout.end();
}

std::vector<table::GroupIdentity> identities_of_laws(const std::vector<GroupLaw>& laws) {
  std::vector<table::GroupIdentity> out;
  for (const GroupLaw& law : laws) out.push_back(law.identity);
  return out;
}

}  // namespace

LawModel::LawModel(LawContent content)
    : Model(identities_of_laws(content.laws)), content_(std::move(content)) {}

bool LawModel::states(std::size_t group, predictor::Quantity quantity) const {
  const GroupLaw& law = content_.laws[group];
  if (quantity == predictor::Quantity::energy) return law.energy.has_value();
  return law.time.has_value() && (quantity != predictor::Quantity::ttft || law.isl_known);
}

const LawFit* LawModel::fit(std::size_t group, Metric metric) const {
  const GroupLaw& law = content_.laws[group];
  const std::optional<LawFit>& fit = metric == Metric::energy ? law.energy : law.time;
  return fit ? &*fit : nullptr;
}

std::vector<FittedParameter> LawModel::parameters(std::size_t group, Metric metric) const {
  std::vector<FittedParameter> out;
  for (std::size_t j = 0; j < kParameters; ++j) {
    const ParameterInfo& info = parameter_infos(form_of(content_.laws[group]))[j];
    const ParameterFit& one = fit(group, metric)->intervals[j];
    out.push_back({std::string(info.name),
                   std::string(metric == Metric::energy ? info.energy_unit : info.time_unit), one.value,
                   one.lo, one.hi, one.determined, std::string(info.meaning)});
  }
  return out;
}

expr::Expr LawModel::formula(std::size_t group, Metric metric) const {
  return one_wave_formula(content_.laws[group], metric);
}

std::optional<predictor::Breakdown> LawModel::breakdown(std::size_t group,
                                                        const table::Configuration& config) const {
  return parametric::breakdown(content_.laws[group], config, Metric::energy);
}

predictor::CapacityRules LawModel::capacity_rules(std::size_t group, const table::Layout& layout) const {
  const GroupLaw& law = content_.laws[group];
  predictor::CapacityRules rules = Model::capacity_rules(group, layout);
  rules.measured = was_measured(law, layout);
  rules.fitted = &law.fitted_capacity;
  rules.fitted_factor = law.capacity_factor;
  return rules;
}

void LawModel::predict_metrics(std::size_t group, const table::Configuration& config,
                               predictor::Prediction& out) const {
  const GroupLaw& law = content_.laws[group];
  if (law.energy) law_energy(*law.energy, reading_of(law, Metric::energy), config, out);
  if (law.time) law_time(*law.time, reading_of(law, Metric::time), config, out);
}

Model::Energies LawModel::energies_of(std::size_t group,
                                      std::span<const table::Configuration> configs) const {
  const GroupLaw& law = content_.laws[group];
  std::vector<Terms> rows;
  for (const table::Configuration& config : configs)
    rows.push_back(terms(config, reading_of(law, Metric::energy)));
  return [rows = std::move(rows), form = form_of(law)](std::span<const double> coordinates) {
    Coordinates z;
    std::ranges::copy(coordinates, z.begin());
    const Parameters parameters = parameters_at(z, form);
    std::vector<double> joules;
    for (const Terms& row : rows) joules.push_back(evaluate(parameters, row).total());
    return joules;
  };
}

std::vector<double> LawModel::energy_coordinates(std::size_t group) const {
  const Coordinates z =
      coordinates_of(content_.laws[group].energy->parameters, form_of(content_.laws[group]));
  return {z.begin(), z.end()};
}

}  // namespace energylens::parametric
