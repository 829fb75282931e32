// SPDX-License-Identifier: Apache-2.0
// Maximum a posteriori by Levenberg-Marquardt with exact derivatives: residuals of all observations under a
// robust loss, then one residual per prior. The batch exponent alone has bounds; where the free optimum
// breaks one, it is held there and the others are fitted again (one bound: the active set is known).
// Held by estimate_test.cpp.
#include "parametric/fit/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "energylens/core/rng.hpp"

namespace energylens::parametric {
namespace {

/// Further starts lie this many prior standard deviations around the centre.
constexpr double kStartSpread = 0.7;
/// Every second one begins with a start-up this many prior standard deviations above it: where prefill is
/// expensive even for one short request, the loss has a valley there that is cut off from the centre, at which
/// start-up is lost in noise.
constexpr double kStartUpLift = 3;
/// Starts are compared on about kCompared observations where there are more than kMostCompared: the minimum of a part of
/// the rows lies a step or two from that of all.
constexpr std::size_t kCompared = 1024, kMostCompared = 4096;
/// Observations that one thread evaluates together.
constexpr std::size_t kRowsOfAPart = 4096;

void prior_residuals(const Priors& priors, std::span<const double> z, std::span<double> f) {
  for (std::size_t i = 0; i < priors.terms.size(); ++i) {
    const PriorTerm& term = priors.terms[i];
    const double other = term.minus == kParameters ? 0 : z[term.minus];
    f[i] = (z[term.coordinate] - other - term.mean) / term.sd;
  }
  for (std::size_t i = 0; i < priors.directions.size(); ++i) {
    const PriorDirection& d = priors.directions[i];
    f[priors.terms.size() + i] = std::inner_product(d.weights.begin(), d.weights.end(), z.begin(), -d.mean);
  }
}

void prior_jacobian(const Priors& priors, std::span<double> jacobian, std::size_t first, std::size_t rows) {
  for (std::size_t i = 0; i < priors.terms.size(); ++i) {
    jacobian[priors.terms[i].coordinate * rows + first + i] = 1 / priors.terms[i].sd;
    if (priors.terms[i].minus != kParameters)
      jacobian[priors.terms[i].minus * rows + first + i] = -1 / priors.terms[i].sd;
  }
  first += priors.terms.size();
  for (std::size_t i = 0; i < priors.directions.size(); ++i) {
    for (std::size_t j = 0; j < kParameters; ++j)
      jacobian[j * rows + first + i] = priors.directions[i].weights[j];
  }
}

/// The derivative of ln(predicted) against every coordinate, scaled.
void store_row(const Observation& o, const Phases& phases, const PhaseGradients& g, double scale,
               std::span<double> jacobian, std::size_t row, std::size_t leading) {
  const bool prefill = o.part != Part::decode;
  const bool decode = o.part != Part::prefill;
  const double value = (prefill ? phases.prefill : 0) + (decode ? phases.decode : 0);
  for (std::size_t j = 0; j < kParameters; ++j) {
    const double derivative = (prefill ? g.prefill[j] : 0) + (decode ? g.decode[j] : 0);
    jacobian[j * leading + row] = scale * derivative / value;
  }
}

/// Residuals and Jacobian rows of the observations at one point.
struct DataRows {
  std::span<const Observation> observations;
  const numerics::RobustLoss& loss;
  Parameters parameters;
  std::span<double> residuals, jacobian;
  std::size_t leading;

  /// Of the observations in [begin, end); false where one is not finite.
  bool evaluate(std::size_t begin, std::size_t end) const {
    PhaseGradients gradients;
    Phases phases;
    bool finite = true;
    for (std::size_t i = begin; i < end; ++i) {
      const Observation& o = observations[i];
      // The phases of one row are neighbours and have the same terms.
      const bool seen = i > begin && observations[i - 1].row == o.row;
      if (!seen)
        phases = jacobian.empty() ? parametric::evaluate(parameters, o.terms)
                                  : parametric::evaluate(parameters, o.terms, gradients);
      const numerics::RobustResidual soft(std::log(predicted(phases, o)) - o.log_measured, loss_of(o, loss));
      const double weight = std::sqrt(o.weight);
      residuals[i] = weight * soft.value;
      finite = finite && std::isfinite(residuals[i]);
      if (!jacobian.empty()) store_row(o, phases, gradients, weight * soft.slope, jacobian, i, leading);
    }
    return finite;
  }
};

numerics::Problem problem_of(std::span<const Observation> observations, const Priors& priors,
                             bool hold_batch_exponent, int threads) {
  const std::size_t rows = observations.size() + priors.terms.size() + priors.directions.size();
  return {kParameters, rows,
          [=, &priors](std::span<const double> x, std::span<double> f, std::span<double> jacobian) {
            Coordinates z;
            std::copy(x.begin(), x.end(), z.begin());
            std::fill(jacobian.begin(), jacobian.end(), 0.0);
            if (!data_residuals(observations, priors.loss, z, f.first(observations.size()), jacobian, rows,
                                threads))
              return false;
            prior_residuals(priors, x, f.subspan(observations.size()));
            if (jacobian.empty()) return true;
            prior_jacobian(priors, jacobian, observations.size(), rows);
            if (hold_batch_exponent) std::fill_n(jacobian.begin() + B4 * rows, rows, 0.0);
            return true;
          }};
}

PointEstimate from_report(const numerics::Report& report) {
  PointEstimate out;
  std::copy(report.x.begin(), report.x.end(), out.coordinates.begin());
  out.cost = report.cost_end;
  out.why = report.why;
  return out;
}

PointEstimate minimise_from(std::span<const Observation> observations, const Priors& priors,
                            const Coordinates& start, const numerics::Options& options, int threads = 1) {
  PointEstimate out =
      from_report(numerics::minimise(problem_of(observations, priors, false, threads), start, options));
  const double exponent = out.coordinates[B4];
  if (exponent >= 0 && exponent <= 1) return out;
  Coordinates held = out.coordinates;
  held[B4] = std::clamp(exponent, 0.0, 1.0);
  out = from_report(numerics::minimise(problem_of(observations, priors, true, threads), held, options));
  out.batch_exponent_at_bound = true;
  return out;
}

Coordinates jittered(const Coordinates& centre, const Priors& priors, bool large_start_up, Rng& rng) {
  Coordinates z = centre;
  for (const PriorTerm& term : priors.terms) {
    z[term.coordinate] += kStartSpread * term.sd * rng.normal();
    if (large_start_up && term.coordinate == A0) z[A0] += kStartUpLift * term.sd;
  }
  z[B4] = std::clamp(z[B4], 0.0, 1.0);
  return z;
}

/// The first of the best minima.
PointEstimate best_of(const std::vector<Coordinates>& starts, std::span<const Observation> observations,
                      const Priors& priors, const numerics::Options& settings, int threads) {
  std::vector<PointEstimate> ends(starts.size());
  parallel_for(starts.size(), {.threads = threads, .progress = {}, .cancel = nullptr},
               [&](std::size_t i) { ends[i] = minimise_from(observations, priors, starts[i], settings); });
  PointEstimate best = ends.front();
  for (const PointEstimate& other : ends) {
    if (std::isfinite(other.cost) && !(other.cost >= best.cost)) best = other;
  }
  return best;
}

/// About kCompared observations, whole rows.
std::vector<Observation> random_part(std::span<const Observation> observations, Rng& rng) {
  const double share = static_cast<double>(kCompared) / static_cast<double>(observations.size());
  std::vector<Observation> out;
  bool taken = false;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (i == 0 || observations[i].row != observations[i - 1].row) taken = rng.uniform() < share;
    if (taken) out.push_back(observations[i]);
  }
  return out;
}

numerics::Options solver_options(int max_steps, const CancelToken* cancel) {
  numerics::Options options;
  options.max_steps = max_steps;
  options.cost_tolerance = 1e-7;
  options.step_tolerance = 1e-7;
  options.initial_radius = 100;
  options.cancel = cancel;
  return options;
}

}  // namespace

numerics::RobustLoss loss_of(const Observation& observation, const numerics::RobustLoss& loss) noexcept {
  constexpr double kMainPhase = 0.5;
  return observation.share < kMainPhase ? numerics::RobustLoss{loss.scale, loss.knee, numerics::Tail::linear}
                                        : loss;
}

bool data_residuals(std::span<const Observation> observations, const numerics::RobustLoss& loss,
                    const Coordinates& z, std::span<double> residuals, std::span<double> jacobian,
                    std::size_t leading, int threads) {
  const DataRows rows{observations, loss,     parameters_at(z, form_of(observations)),
                      residuals,    jacobian, leading};
  const std::size_t parts = (observations.size() + kRowsOfAPart - 1) / kRowsOfAPart;
  if (parts == 1) return rows.evaluate(0, observations.size());
  std::vector<char> finite(parts, 0);
  parallel_for(parts, {.threads = threads, .progress = {}, .cancel = nullptr}, [&](std::size_t part) {
    const std::size_t begin = part * kRowsOfAPart;
    finite[part] = rows.evaluate(begin, std::min(begin + kRowsOfAPart, observations.size()));
  });
  return std::ranges::find(finite, 0) == finite.end();
}

PointEstimate estimate(std::span<const Observation> observations, const Priors& priors,
                       const SearchOptions& options) {
  Rng rng(options.seed);
  const Coordinates middle = centre(priors);
  std::vector<Coordinates> starts{middle};
  while (static_cast<int>(starts.size()) < options.starts)
    starts.push_back(jittered(middle, priors, starts.size() % 2 == 1, rng));
  const numerics::Options settings = solver_options(options.max_steps, options.cancel);
  if (starts.size() == 1 || observations.size() <= kMostCompared)
    return best_of(starts, observations, priors, settings, options.threads);
  const std::vector<Observation> part = random_part(observations, rng);
  const PointEstimate near = best_of(starts, part, priors, settings, options.threads);
  return minimise_from(observations, priors, near.coordinates, settings, options.threads);
}

PointEstimate refine(std::span<const Observation> observations, const Priors& priors, const Coordinates& from,
                     int steps) {
  return minimise_from(observations, priors, from, solver_options(steps, nullptr));
}

}  // namespace energylens::parametric
