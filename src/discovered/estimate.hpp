// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "energylens/discovered/model.hpp"
#include "formula_rows.hpp"

namespace energylens::discovered {

/// What a fit of one group sees of one target.
struct Lessons {
  WaveRows rows;
  std::vector<double> log_measured, weight;  ///< by row; the weight of its squared residual

  explicit Lessons(bool energy) : rows(energy) {}
};

/// Rows without the target, or without batch, osl or (where the group knows it) isl, are left out.
Lessons lessons_of(const model::FramedRows& framed, bool energy);

/// One structure to be fitted to some groups together; those without lessons take no part. Requires:
/// everything outlives it.
struct Task {
  const model::Structure& structure;
  const FormulaPrograms& programs;
  std::vector<Lessons> groups;
};

/// Normal beliefs in coordinates, one per constant.
struct Beliefs {
  std::vector<double> mean, sd;
};
/// Of one group: the constants of the structure, coefficients times one factor that fits the mean of the
/// rows.
Beliefs beliefs_of(const Task& task, std::size_t group);

/// The most probable constants of every group, in coordinates.
std::vector<std::vector<double>> estimate(const Task& task, const model::FitOptions& options);

/// Everything that is said of constants, given as coordinates of every group.
std::vector<TargetFit> describe(const Task& task, const std::vector<std::vector<double>>& coordinates,
                                bool shared);

/// Parameters that the data of all groups pay for: each group counts the share of a shared constant that it
/// tells.
double effective_parameters(const std::vector<TargetFit>& fits);

}  // namespace energylens::discovered
