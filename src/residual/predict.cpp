// SPDX-License-Identifier: Apache-2.0
// ln of a row's energy is normal: its mean is that of the form plus that of the process, its covariance the sum of
// that of the process, the noise of a row, and the uncertainty of the parameters of the form. The training rows of the
// process determine the parameters too, so near them the last term would count twice: it is weighted by
// sd after / sd before of the process, which is near 0 among rows and 1 far from them, where the interval becomes that
// of the form. Held by predict_test.cpp.
#include <cmath>

#include "energylens/core/rng.hpp"
#include "numerics/delta_method.hpp"
#include "numerics/distributions.hpp"
#include "numerics/joint_normal.hpp"
#include "residual/model.hpp"
#include "residual/wave_points.hpp"

namespace energylens::residual {
namespace {

/// The predictions of the formula for some configurations, in parts.
struct Answers {
  std::vector<std::size_t> columns;  ///< which of them
  std::vector<predictor::Breakdown> breakdowns;
  std::vector<numerics::Combination> places;
  std::vector<double> energies;  ///< the formula's, J
};

Answers answers_of(const parametric::Model& form, std::size_t group,
                   const std::optional<Correction>& correction,
                   std::span<const table::Configuration> configs) {
  Answers out;
  for (std::size_t c = 0; c < configs.size(); ++c) {
    const predictor::Prediction said = form.predict(group, configs[c]);
    std::optional<predictor::Breakdown> breakdown = breakdown_of(form, group, configs[c], said);
    if (!breakdown) continue;
    if (correction) {
      const std::size_t label = label_of(correction->layouts, configs[c].layout);
      out.places.push_back(place_of(*breakdown, configs[c].load, label));
    }
    out.breakdowns.push_back(*std::move(breakdown));
    out.energies.push_back(said.scenario_energy(configs[c].load.kind).value);
    out.columns.push_back(c);
  }
  return out;
}

/// Log factors on the formula's energies at several places, and their covariance without the noise of a row.
numerics::Joint quiet_log_factors(const Correction& correction, const parametric::TargetFit& energy,
                                  std::span<const predictor::Breakdown> breakdowns,
                                  std::span<const numerics::Combination> places) {
  numerics::Joint joint = correction.process.predict_together(places);
  const std::size_t n = places.size();
  std::vector<double> share;  // of the formula's sd that is added
  for (std::size_t i = 0; i < n; ++i) {
    share.push_back(std::pow(joint.covariance[i * n + i] / joint.prior_variance[i], 0.25));
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      joint.covariance[i * n + j] +=
          share[i] * share[j] *
          numerics::bilinear(breakdowns[i].log_gradient, energy.covariance, breakdowns[j].log_gradient);
    }
  }
  return joint;
}

/// By how much standard deviations grow, so that normal quantiles serve.
double widening_of(const Correction& correction, const parametric::TargetFit& energy) {
  const double t = numerics::student_t_quantile(0.95, energy.degrees_of_freedom) / numerics::kNormal90;
  return correction.widening * t;
}

/// The same with the noise, ready for normal quantiles.
numerics::Joint log_factors(const Correction& correction, const parametric::TargetFit& energy,
                            std::span<const predictor::Breakdown> breakdowns,
                            std::span<const numerics::Combination> places) {
  numerics::Joint joint = quiet_log_factors(correction, energy, breakdowns, places);
  const std::size_t n = places.size();
  const double noise = correction.process.noise_sd();
  const double widening = widening_of(correction, energy);
  for (std::size_t i = 0; i < n; ++i) joint.covariance[i * n + i] += noise * noise;
  for (double& element : joint.covariance) element *= widening * widening;
  return joint;
}

}  // namespace

CorrectedModel::CorrectedModel(std::shared_ptr<const parametric::Model> form,
                               std::vector<std::optional<Correction>> corrections)
    : form_(std::move(form)), corrections_(std::move(corrections)) {}

std::string_view CorrectedModel::kind() const {
  return form_->kind() == "law" ? "law+residual" : "discovered:power-time+residual";
}

predictor::Prediction CorrectedModel::predict(std::size_t group, const table::Configuration& config) const {
  predictor::Prediction out = form_->predict(group, config);
  const std::optional<Correction>& correction = corrections_[group];
  if (!correction) return out;
  const std::optional<predictor::Breakdown> breakdown = breakdown_of(*form_, group, config, out);
  if (!breakdown) return out;
  const numerics::Combination place =
      place_of(*breakdown, config.load, label_of(correction->layouts, config.layout));
  const numerics::Joint joint =
      log_factors(*correction, *form_->fit(group, predictor::Metric::energy), {&*breakdown, 1}, {&place, 1});
  const double factor = std::exp(joint.mean[0]),
               log_half = numerics::kNormal90 * std::sqrt(joint.covariance[0]);
  out.total_energy_j = predictor::log_interval(out.total_energy_j.value * factor, log_half);
  out.energy_per_out_token_j = predictor::log_interval(out.energy_per_out_token_j.value * factor, log_half);
  out.prefill_energy_j =
      out.decode_energy_j.value == 0 ? out.total_energy_j : predictor::scaled(out.prefill_energy_j, factor);
  out.decode_energy_j = predictor::scaled(out.decode_energy_j, factor);
  predictor::drop_implausible(out);
  out.avg_power_w = predictor::mean_power(out.total_energy_j, out.total_time_s);
  const predictor::GroupContext& context = form_->context(group);
  out.outside = predictor::outside(context.domain, config);  // without the power of the form
  out.inside_domain = out.outside.empty();
  predictor::mark_power(context, config.layout, out);
  return out;
}

std::vector<double> CorrectedModel::draw(std::size_t group, std::span<const table::Configuration> configs,
                                         std::size_t n, std::uint64_t seed) const {
  const std::optional<Correction>& correction = corrections_[group];
  if (!correction) return form_->draw(group, configs, n, seed);
  const Answers known_ones = answers_of(*form_, group, correction, configs);
  const std::vector<std::size_t>& columns = known_ones.columns;
  std::vector<double> out(n * configs.size(), kUnknown);
  if (columns.empty()) return out;
  const numerics::Joint joint = log_factors(*correction, *form_->fit(group, predictor::Metric::energy),
                                            known_ones.breakdowns, known_ones.places);
  const std::size_t m = columns.size();
  const numerics::JointNormal around(std::vector<double>(m, 0.0), joint.covariance);
  Rng rng(seed);
  for (std::size_t i = 0; i < n; ++i) {
    const std::vector<double> spread = around.draw(rng);
    for (std::size_t c = 0; c < m; ++c)
      out[i * configs.size() + columns[c]] = known_ones.energies[c] * std::exp(joint.mean[c] + spread[c]);
  }
  return out;
}

LogEnergies CorrectedModel::log_energies(std::size_t group,
                                         std::span<const table::Configuration> configs) const {
  const std::optional<Correction>& correction = corrections_[group];
  const std::size_t all = configs.size();
  LogEnergies out{std::vector<double>(all, kUnknown), std::vector<double>(all * all, 0.0), 0};
  const Answers known_ones = answers_of(*form_, group, correction, configs);
  if (!correction || known_ones.columns.empty()) return out;
  const parametric::TargetFit& energy = *form_->fit(group, predictor::Metric::energy);
  const numerics::Joint joint =
      quiet_log_factors(*correction, energy, known_ones.breakdowns, known_ones.places);
  const double widening = std::pow(widening_of(*correction, energy), 2);
  const std::size_t m = known_ones.columns.size();
  for (std::size_t i = 0; i < m; ++i) {
    out.mean[known_ones.columns[i]] = std::log(known_ones.energies[i]) + joint.mean[i];
    for (std::size_t j = 0; j < m; ++j) {
      out.covariance[known_ones.columns[i] * all + known_ones.columns[j]] =
          widening * joint.covariance[i * m + j];
    }
  }
  out.noise_variance = widening * std::pow(correction->process.noise_sd(), 2);
  return out;
}

}  // namespace energylens::residual
