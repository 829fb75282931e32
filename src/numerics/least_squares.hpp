// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "energylens/core/parallel.hpp"

namespace energylens::numerics {

/// A sum of squares to be made small. `evaluate` fills `f` (residuals) at `x` and, unless it is empty,
/// `jacobian` (residuals x parameters, column-major: df_i/dx_j at [j * residuals + i]). It returns false where
/// the residuals are not finite.
struct Problem {
  std::size_t parameters = 0;
  std::size_t residuals = 0;
  std::function<bool(std::span<const double> x, std::span<double> f, std::span<double> jacobian)> evaluate;
};

enum class Termination { converged, step_limit, not_finite, cancelled };
std::string_view termination_text(Termination why);

/// Outcome of a minimisation; returned even when it failed.
struct Report {
  Termination why = Termination::not_finite;
  double cost_start = 0, cost_end = 0;  ///< half the sum of squares
  int steps = 0;
  std::vector<double> x;  ///< the best point seen
  /// Finite, and no worse than the start.
  bool usable() const;
};

struct Options {
  // changes the answer
  int max_steps = 60;
  double cost_tolerance =
      1e-9;  ///< stop when a step lowers the cost by less (minimise_grouped: relative to it)
  double step_tolerance = 1e-9;  ///< stop when a step is shorter than this, relative to x
  double gradient_tolerance = 1e-10;
  double initial_radius = 1e4;  ///< of the trust region; smaller makes the first steps more careful
  // changes only the speed
  const CancelToken* cancel = nullptr;
};

/// Levenberg-Marquardt on a small dense problem (Ceres' TinySolver). Deterministic.
Report minimise(const Problem& problem, std::span<const double> start, const Options& options = {});

/// Many small problems that share some parameters: residuals of group g depend on its own parameters and on
/// the shared ones. Jacobians are column-major as in Problem, one against each block.
struct GroupedProblem {
  struct Group {
    std::size_t parameters = 0, residuals = 0;
    std::function<bool(std::span<const double> own, std::span<const double> shared, std::span<double> f,
                       std::span<double> jacobian_own, std::span<double> jacobian_shared)>
        evaluate;
  };
  std::vector<Group> groups;
  std::size_t shared = 0;  ///< number of shared parameters, > 0
  /// Residuals of the shared parameters alone (their priors); may have none.
  Problem shared_prior;
};

/// x of a GroupedReport: own parameters of all groups one after another, then the shared ones.
/// Levenberg-Marquardt with the own parameters eliminated first.
Report minimise_grouped(const GroupedProblem& problem, std::span<const double> start,
                        const Options& options = {});

}  // namespace energylens::numerics
