// SPDX-License-Identifier: Apache-2.0
// Constants of a frozen structure. Maximum a posteriori by Levenberg and Marquardt with exact
// derivatives in the logarithm of the measured value, under a loss that grows linearly for rows far off, with
// one weak prior per constant: that of the structure, all coefficients times one factor that fits the mean
// of the rows. Held by fit_test.cpp.
#include "parametric/fit/estimate_structure.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "energylens/core/rng.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/robust_loss.hpp"
#include "predictor/row_weight.hpp"

namespace energylens::parametric {
namespace {

constexpr double kScale = 0.05, kKnee = 2;  // of residuals: rows further off pull with a bounded force
constexpr double kCoefficientSd = 1, kInnerSd = 0.25;  // of priors: factors of e, and exponents
constexpr double kJitter = 0.5;                        // of further starts, in sd of the priors
constexpr int kMaxSteps = 80;

std::vector<double> starts_of(const predictor::Structure& structure) {
  std::vector<double> out;
  for (const predictor::StructureConstant& constant : structure.constants) out.push_back(constant.start);
  return to_coordinates(structure, out);
}

/// One group alone. Residuals of rows, then one per prior.
numerics::Problem alone(const Task& task, std::size_t group, const NormalPriors& priors) {
  const std::size_t n = priors.mean.size(), rows = task.groups[group].rows.rows();
  return {n, rows + n,
          [=, &task, &priors](std::span<const double> z, std::span<double> f, std::span<double> jacobian) {
            const Residuals r = residuals_of(task, group, z, !jacobian.empty(), kKnee);
            std::ranges::copy(r.value, f.begin());
            for (std::size_t k = 0; k < n; ++k) f[rows + k] = (z[k] - priors.mean[k]) / priors.sd[k];
            std::ranges::fill(jacobian, 0.0);
            for (std::size_t k = 0; k < r.slopes.size(); ++k) {
              std::ranges::copy(r.slopes[k], jacobian.begin() + static_cast<std::ptrdiff_t>(k * (rows + n)));
              jacobian[k * (rows + n) + rows + k] = 1 / priors.sd[k];
            }
            return r.finite;
          }};
}

numerics::Options solver_options(const CancelToken* cancel) {
  numerics::Options options;
  options.max_steps = kMaxSteps;
  options.initial_radius = 100;
  options.cancel = cancel;
  return options;
}

/// The centre of the priors, the constants of the structure, then points around the first.
std::vector<double> start_of(const Task& task, const NormalPriors& priors, int which, Rng& rng) {
  if (which == 1) return starts_of(task.structure);
  std::vector<double> z = priors.mean;
  for (std::size_t k = 0; which > 1 && k < z.size(); ++k) z[k] += kJitter * priors.sd[k] * rng.normal();
  return z;
}

std::vector<double> estimate_alone(const Task& task, std::size_t group,
                                   const predictor::FitOptions& options) {
  const NormalPriors priors = priors_of(task, group);
  return best_of_starts(alone(task, group, priors), task, priors, options);
}

/// Which coordinates belong to one group, and which all share.
struct Split {
  std::vector<std::size_t> own, shared;
  explicit Split(const predictor::Structure& structure) {
    for (std::size_t k = 0; k < structure.constants.size(); ++k)
      (structure.constants[k].per_group ? own : shared).push_back(k);
  }
  std::vector<double> together(std::span<const double> a, std::span<const double> b) const {
    std::vector<double> out(own.size() + shared.size());
    for (std::size_t i = 0; i < own.size(); ++i) out[own[i]] = a[i];
    for (std::size_t i = 0; i < shared.size(); ++i) out[shared[i]] = b[i];
    return out;
  }
};

numerics::GroupedProblem::Group pooled_group(const Task& task, std::size_t group, const Split& split,
                                             const NormalPriors& priors) {
  const std::size_t rows = task.groups[group].rows.rows(), n = split.own.size(), all = rows + n;
  return {n, all,
          [=, &task, &split, &priors](std::span<const double> own, std::span<const double> shared,
                                      std::span<double> f, std::span<double> jacobian_own,
                                      std::span<double> jacobian_shared) {
            const bool wanted = !jacobian_own.empty() || !jacobian_shared.empty();
            const Residuals r = residuals_of(task, group, split.together(own, shared), wanted, kKnee);
            std::ranges::copy(r.value, f.begin());
            std::ranges::fill(jacobian_own, 0.0);
            std::ranges::fill(jacobian_shared, 0.0);
            for (std::size_t i = 0; i < n; ++i) {
              const std::size_t k = split.own[i];
              f[rows + i] = (own[i] - priors.mean[k]) / priors.sd[k];
              if (jacobian_own.empty()) continue;
              std::ranges::copy(r.slopes[k], jacobian_own.begin() + static_cast<std::ptrdiff_t>(i * all));
              jacobian_own[i * all + rows + i] = 1 / priors.sd[k];
            }
            for (std::size_t i = 0; i < split.shared.size() && !jacobian_shared.empty(); ++i) {
              std::ranges::copy(r.slopes[split.shared[i]],
                                jacobian_shared.begin() + static_cast<std::ptrdiff_t>(i * all));
            }
            return r.finite;
          }};
}

numerics::Problem shared_priors(const Split& split, const NormalPriors& priors) {
  const std::size_t n = split.shared.size();
  return {n, n,
          [&split, &priors, n](std::span<const double> z, std::span<double> f, std::span<double> jacobian) {
            std::ranges::fill(jacobian, 0.0);
            for (std::size_t i = 0; i < n; ++i) {
              const std::size_t k = split.shared[i];
              f[i] = (z[i] - priors.mean[k]) / priors.sd[k];
              if (!jacobian.empty()) jacobian[i * n + i] = 1 / priors.sd[k];
            }
            return true;
          }};
}

/// Begins with the fits of each group alone; shared constants begin at their mean.
std::vector<std::vector<double>> estimate_pooled(const Task& task, const predictor::FitOptions& options) {
  const Split split(task.structure);
  std::vector<NormalPriors> priors;
  std::vector<std::vector<double>> alone_at;
  for (std::size_t g = 0; g < task.groups.size(); ++g) {
    priors.push_back(priors_of(task, g));
    alone_at.push_back(estimate_alone(task, g, options));
  }
  numerics::GroupedProblem problem;
  std::vector<double> start, shared(split.shared.size(), 0.0);
  for (std::size_t g = 0; g < task.groups.size(); ++g) {
    problem.groups.push_back(pooled_group(task, g, split, priors[g]));
    for (const std::size_t k : split.own) start.push_back(alone_at[g][k]);
    for (std::size_t i = 0; i < shared.size(); ++i)
      shared[i] += alone_at[g][split.shared[i]] / static_cast<double>(task.groups.size());
  }
  problem.shared = shared.size();
  problem.shared_prior = shared_priors(split, priors.front());
  start.insert(start.end(), shared.begin(), shared.end());
  const numerics::Report report =
      numerics::minimise_grouped(problem, start, solver_options(options.run.cancel));
  if (!report.usable()) return alone_at;
  const std::size_t n = split.own.size(), groups = task.groups.size();
  std::vector<std::vector<double>> out;
  for (std::size_t g = 0; g < groups; ++g)
    out.push_back(
        split.together(std::span(report.x).subspan(g * n, n), std::span(report.x).subspan(groups * n)));
  return out;
}

}  // namespace

Residuals residuals_of(const Task& task, std::size_t group, std::span<const double> coordinates,
                       bool with_slopes, double knee) {
  const TrainingRows& training = task.groups[group];
  const std::vector<double> constants = from_coordinates(task.structure, coordinates);
  const std::vector<double> predicted = task.programs.values(training.rows, constants);
  Residuals out;
  if (with_slopes) out.slopes = task.programs.slopes(training.rows, constants);
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    const numerics::SoftL1Residual soft(std::log(predicted[i]) - training.log_measured[i], kScale, knee);
    const double weight = std::sqrt(training.weight[i]);
    out.value.push_back(weight * soft.value);
    out.finite = out.finite && std::isfinite(out.value.back());
    for (std::vector<double>& slope : out.slopes) slope[i] *= weight * soft.slope / predicted[i];
  }
  return out;
}

std::vector<double> best_of_starts(const numerics::Problem& problem, const Task& task,
                                   const NormalPriors& priors, const predictor::FitOptions& options) {
  Rng rng(options.seed);
  std::optional<numerics::Report> best;
  for (int start = 0; start < std::max(2, options.starts); ++start) {
    numerics::Report report =
        numerics::minimise(problem, start_of(task, priors, start, rng), solver_options(options.run.cancel));
    if (report.usable() && (!best || report.cost_end < best->cost_end)) best = std::move(report);
  }
  return best ? best->x : priors.mean;
}

TrainingRows training_rows_of(const predictor::PreparedRows& prepared, Metric metric) {
  TrainingRows out(metric);
  // Sums in one order, however the rows were drawn.
  std::vector<const table::Row*> ordered;
  for (const table::Row& row : prepared.rows) ordered.push_back(&row);
  std::ranges::sort(ordered, {}, [metric](const table::Row* row) {
    const table::Load& load = row->config.load;
    return std::tuple(row->config.layout, load.batch, load.osl,
                      metric == Metric::energy ? row->results.total_energy_j : row->results.total_time_s);
  });
  const predictor::RowWeights weights(prepared.rows);
  for (const table::Row* const each : ordered) {
    const table::Row& row = *each;
    const double measured = metric == Metric::energy ? row.results.total_energy_j : row.results.total_time_s;
    if (!(measured > 0) || !predictor::answerable(prepared.context, row.config.load)) continue;
    out.rows.add(row.config, prepared.context.facts);
    out.log_measured.push_back(std::log(measured));
    out.weight.push_back(weights.of(row));
  }
  return out;
}

NormalPriors priors_of(const Task& task, std::size_t group) {
  const std::vector<predictor::StructureConstant>& constants = task.structure.constants;
  NormalPriors out{starts_of(task.structure), {}};
  const TrainingRows& training = task.groups[group];
  const std::vector<double> predicted =
      task.programs.values(training.rows, from_coordinates(task.structure, out.mean));
  double sum = 0, rows = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    if (!(predicted[i] > 0) || !std::isfinite(predicted[i])) continue;
    sum += training.log_measured[i] - std::log(predicted[i]);
    ++rows;
  }
  for (std::size_t k = 0; k < constants.size(); ++k) {
    const bool own = known(constants[k].sd);
    out.sd.push_back(own ? constants[k].sd : constants[k].logarithmic ? kCoefficientSd : kInnerSd);
    if (!own && constants[k].logarithmic && constants[k].per_group && rows > 0) out.mean[k] += sum / rows;
  }
  return out;
}

std::vector<std::vector<double>> estimate(const Task& task, const predictor::FitOptions& options) {
  const Split split(task.structure);
  if (options.pool && task.groups.size() > 1 && !split.shared.empty() && !split.own.empty())
    return estimate_pooled(task, options);
  std::vector<std::vector<double>> out;
  for (std::size_t g = 0; g < task.groups.size(); ++g) out.push_back(estimate_alone(task, g, options));
  return out;
}

}  // namespace energylens::parametric
