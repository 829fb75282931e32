// SPDX-License-Identifier: Apache-2.0
// A prior from groups that were fitted before, docs/method/transfer.md. Every group, including the target, differs from the
// common mean by half of the variance of a pair. One source therefore gives a prior with its own covariance and the whole
// spread, while many sources determine the common mean and leave the target's own half. Held by
// prior_test.cpp and the coverage at zero rows in docs/method/transfer.md.
#include "parametric/transfer/prior.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/dense.hpp"
#include "parametric/fit/uncertainty.hpp"
#include "parametric/transfer/population.hpp"

namespace energylens::parametric {
namespace {

/// How far the coordinates of two groups differ after the ratios of specifications (standard deviation):
/// measured over pairs of public groups, docs/method/transfer.md lists them; a2, a3 and b2 are not measured by any
/// pair and as wide as in docs/method/law.md (8).
constexpr Coordinates kJobSpread{0.9, 0.9, 0.7, 0.3, 0.7, 0.2, 0.25, 1.2, 0.17, 0.7, 0.25, 1.0};
/// Of servers: the scatter over public groups of MiniMax-M3, in experiments/server-law.md.
constexpr Coordinates kServerSpread{0.7, 0.7, 0.7, 0.7, 0.8, 0.2, 0.25, 0.7, 0.12, 0.8, 0.2, 0.8};
/// Less where the GPU is the same.
constexpr double kNoLoadSameGpu = 0.45, kTensorExponentSameGpu = 0.1;
/// What every figure that is not known adds, as ln of a factor.
constexpr double kUnknownFigure = 1;

/// Deviations of coordinates compensate one another in a prediction: over pairs of public groups the spreads above,
/// times this, make 90 % intervals of zero rows hold 90 % of the rows (docs/method/transfer.md).
constexpr double kTogether = 0.7;

/// The same for populations, from groups that were left out of the library (docs/evidence/library.md).
double together(Population population) {
  switch (population) {
    case Population::job:
      return 0.9;
    case Population::no_lengths:
      return 1.15;
    case Population::server:
      return 0.8;
  }
  return 1;
}

constexpr std::array kWeights{1.0, 0.5, 0.25, 0.1, 0.03, 0.0};

/// Where the deviations of coordinates are nearly independent: the middle of what the source was fitted on.
Reference middle_of(const Domain& domain) {
  Reference middle;
  const double n = static_cast<double>(domain.layouts.size());
  for (const table::Layout& l : domain.layouts) {
    middle.log_tp += std::log(l.attention_data_parallel() ? l.tp * l.dp : l.tp) / n;
    middle.log_pp += std::log(l.pp) / n;
  }
  if (domain.batch.min > 0) middle.log_wave_size = std::log(domain.batch.min * domain.batch.max) / 2;
  return middle;
}

Reference negative(const Reference& r) {
  return {-r.log_tp, -r.log_pp, -r.log_wave_size};
}

std::vector<double> spread_of(const GroupLaw& source, const Described& target, Metric metric) {
  Coordinates sd = source.serving ? kServerSpread : kJobSpread;
  if (source.identity["gpu"] == target.identity["gpu"]) {
    sd[B0] = kNoLoadSameGpu;
    sd[B1] = kTensorExponentSameGpu;
  }
  const std::array<int, kParameters> unknown =
      unknown_figures({source.identity, source.facts}, target, metric, form_of(source));
  std::vector<double> out(kParameters * kParameters, 0.0);
  for (std::size_t i = 0; i < kParameters; ++i)
    out[i * kParameters + i] = sd[i] * sd[i] + unknown[i] * kUnknownFigure * kUnknownFigure;
  return moved_to_origin(out, middle_of(source.domain), form_of(source));
}

Coordinates times(std::span<const double> matrix, const Coordinates& z) {
  Coordinates out{};
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t j = 0; j < kParameters; ++j) out[i] += matrix[i * kParameters + j] * z[j];
  }
  return out;
}

double log_determinant(std::span<const double> matrix) {
  const std::vector<double> root = numerics::cholesky(matrix, kParameters);
  double sum = 0;
  for (std::size_t i = 0; i < kParameters; ++i) sum += 2 * std::log(root[i * kParameters + i]);
  return sum;
}

double trace(std::span<const double> matrix) {
  double sum = 0;
  for (std::size_t i = 0; i < kParameters; ++i) sum += matrix[i * kParameters + i];
  return sum;
}

/// Half the sum of squares of the priors alone.
double prior_cost(const Priors& priors, const Coordinates& z) {
  double sum = 0;
  for (const PriorTerm& b : priors.terms) {
    const double r = (z[b.coordinate] - (b.minus == kParameters ? 0 : z[b.minus]) - b.mean) / b.sd;
    sum += r * r / 2;
  }
  for (const PriorDirection& d : priors.directions) {
    double r = -d.mean;
    for (std::size_t j = 0; j < kParameters; ++j) r += d.weights[j] * z[j];
    sum += r * r / 2;
  }
  return sum;
}

}  // namespace

TransferPrior::TransferPrior(std::span<const GroupLaw* const> sources, const Described& target, Metric metric,
                             Relation relation)
    : relation_(relation) {
  double squares = 0;
  std::vector<MemberFit> population;
  for (const GroupLaw* law : sources) {
    const LawFit& fit = metric == Metric::energy ? *law->energy : *law->time;
    const Described described{law->identity, law->facts};
    form_ = form_of(*law);
    PriorSource moved = moved_by_specifications(described, target, metric, form_);
    Coordinates mean = coordinates_of(fit.parameters, form_);
    for (std::size_t j = 0; j < kParameters; ++j) mean[j] += std::log(moved.ratios[j]);
    if (relation == Relation::pairs) {
      each_.push_back({mean, fit.covariance, spread_of(*law, target, metric)});
    } else {
      population.push_back({member_of(described), mean, fit.covariance,
                            energylens::parametric::unknown_figures(described, target, metric, form_)});
    }
    moved_.push_back(std::move(moved));
    squares += fit.residual_sd * fit.residual_sd / static_cast<double>(sources.size());
    freedom_ = std::max(freedom_, fit.degrees_of_freedom);
  }
  residual_sd_ = std::sqrt(squares);
  spread_without_rows_ = kTogether;
  if (relation == Relation::population) {
    spread_without_rows_ = together(population_of(*sources.front()));
    PopulationNormal told =
        population_normal(population, member_of(target), metric, population_of(*sources.front()));
    population_ = {told.mean, std::move(told.covariance)};
  }
}

TransferPrior::Normal TransferPrior::normal(double spread_factor) const {
  if (relation_ == Relation::population) {
    Normal out = population_;
    for (double& one : out.covariance) one *= spread_factor * spread_factor;
    return out;
  }
  const double half = spread_factor * spread_factor / 2;
  const auto narrower = [](const Source& a, const Source& b) { return trace(a.spread) < trace(b.spread); };
  const Source& nearest = *std::min_element(each_.begin(), each_.end(), narrower);
  std::vector<double> precision(kParameters * kParameters, 0.0);
  Coordinates pull{};
  for (const Source& source : each_) {
    std::vector<double> covariance = source.covariance;
    for (std::size_t i = 0; i < kParameters * kParameters; ++i) covariance[i] += half * source.spread[i];
    const std::vector<double> p = numerics::invert_spd(covariance, kParameters);
    const Coordinates pulled = times(p, source.mean);
    for (std::size_t i = 0; i < kParameters * kParameters; ++i) precision[i] += p[i];
    for (std::size_t i = 0; i < kParameters; ++i) pull[i] += pulled[i];
  }
  Normal out;
  out.covariance = numerics::invert_spd(precision, kParameters);
  out.mean = times(out.covariance, pull);
  for (std::size_t i = 0; i < kParameters * kParameters; ++i) out.covariance[i] += half * nearest.spread[i];
  return out;
}

std::span<const double> prior_weights() {
  return kWeights;
}

Priors mixed(const Priors& plain, const TransferPrior& prior, double weight, const Reference& reference) {
  Priors out = plain;
  if (weight == 0) return out;
  if (weight == 1) out.terms.clear();
  for (PriorTerm& term : out.terms) term.sd /= std::sqrt(1 - weight);
  const TransferPrior::Normal told = prior.normal();
  const Coordinates mean = moved_to_origin(told.mean, negative(reference), prior.form());
  const std::vector<double> precision =
      numerics::invert_spd(moved_to_origin(told.covariance, negative(reference), prior.form()), kParameters);
  const std::vector<double> root = numerics::cholesky(precision, kParameters);
  for (std::size_t k = 0; k < kParameters; ++k) {
    PriorDirection direction;
    for (std::size_t i = 0; i < kParameters; ++i) {
      direction.weights[i] = std::sqrt(weight) * root[i * kParameters + k];
      direction.mean += direction.weights[i] * mean[i];
    }
    out.directions.push_back(direction);
  }
  return out;
}

double log_evidence(std::span<const Observation> observations, const Priors& priors, const Coordinates& z,
                    double cost) {
  const std::vector<double> before_data = precision(priors);
  std::vector<double> all = information(observations, z);
  const double scale = priors.loss.scale;
  for (std::size_t i = 0; i < kParameters * kParameters; ++i)
    all[i] = all[i] / (scale * scale) + before_data[i];
  const double before = prior_cost(priors, centre(priors));
  return before - cost + (log_determinant(before_data) - log_determinant(all)) / 2;
}

}  // namespace energylens::parametric
