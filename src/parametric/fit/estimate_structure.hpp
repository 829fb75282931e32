// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "numerics/least_squares.hpp"
#include "parametric/structure/formula_rows.hpp"
#include "parametric/structure_model.hpp"

namespace energylens::parametric {

/// The training rows of one group and one metric.
struct TrainingRows {
  WaveRows rows;
  std::vector<double> log_measured, weight;  ///< by row; the weight of its squared residual

  explicit TrainingRows(Metric metric) : rows(metric) {}
};

/// Rows without the target, or without batch, osl or (where the group knows it) isl, are left out.
TrainingRows training_rows_of(const predictor::PreparedRows& prepared, Metric metric);

/// One structure to be fitted to some groups together; those without training take no part. Requires:
/// everything outlives it.
struct Task {
  const predictor::Structure& structure;
  const FormulaPrograms& programs;
  std::vector<TrainingRows> groups;
};

/// Energy and time as two views of one set of constants, those of the energy. Requires: groups of both in one
/// order; a group may have no training of time.
struct JointTask {
  Task energy, time;
  std::vector<std::size_t> place;  ///< by constant of time: the one of energy with that name
};
/// The constants of time among those of energy.
std::vector<double> of_time(const JointTask& task, std::span<const double> energy);

/// Normal priors in coordinates, one per constant.
struct NormalPriors {
  std::vector<double> mean, sd;
};
/// Of one group: the constants of the structure; coefficients without a separate prior times one factor
/// that fits the mean of the rows.
NormalPriors priors_of(const Task& task, std::size_t group);

/// The most probable constants of every group, in coordinates.
std::vector<std::vector<double>> estimate(const Task& task, const predictor::FitOptions& options);

/// The most probable constants of every group, each alone, in coordinates of energy.
std::vector<std::vector<double>> estimate(const JointTask& task, const predictor::FitOptions& options);

/// Errors of rows in the logarithm under the loss of a fit, with their slopes against all coordinates, by
/// coordinate.
struct Residuals {
  std::vector<double> value;
  std::vector<std::vector<double>> slopes;
  bool finite = true;
};
/// `knee`: errors further off, in units of 0.05, pull with a bounded force.
Residuals residuals_of(const Task& task, std::size_t group, std::span<const double> coordinates,
                       bool with_slopes, double knee);

/// A problem of one group from the best of several starts around its priors: their centre, the constants of
/// the structure, then points around the centre.
std::vector<double> best_of_starts(const numerics::Problem& problem, const Task& task,
                                   const NormalPriors& priors, const predictor::FitOptions& options);

/// Fits with uncertainty and diagnostics, from the coordinates of every group.
std::vector<StructureFit> describe(const Task& task, const std::vector<std::vector<double>>& coordinates,
                                   bool shared);

struct JointFits {
  std::vector<StructureFit> energy;
  std::vector<std::optional<StructureFit>> time;  ///< none for groups without training of time
};
JointFits describe(const JointTask& task, const std::vector<std::vector<double>>& coordinates);

/// Effective parameters of all groups: each group counts its part of a shared constant.
double effective_parameters(const std::vector<StructureFit>& fits);

}  // namespace energylens::parametric
