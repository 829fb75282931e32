// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/core/parallel.hpp"
#include "numerics/least_squares.hpp"
#include "parametric/law/priors.hpp"

namespace energylens::parametric {

/// Options of the search for one parameter set.
struct SearchOptions {
  int starts = 8;          ///< starting points; the first is the centre of the prior
  std::uint64_t seed = 0;  ///< of the other starting points
  int max_steps = 60;      ///< of each start
  const CancelToken* cancel = nullptr;
  int threads = 1;  ///< changes only the speed; 0: all cores
};

/// The most probable parameter set of one group and one target (maximum a posteriori).
struct PointEstimate {
  Coordinates coordinates{};  ///< relative to the reference of the observations
  double cost = 0;            ///< half the sum of squared residuals under the robust loss, and of priors
  numerics::Termination why = numerics::Termination::not_finite;
  bool batch_exponent_at_bound = false;
};

/// The loss of one observation. A main phase or a total that is far off is a bad row. A phase that is a small part of its
/// row may be far off because the law is, so it keeps the linear tail.
numerics::RobustLoss loss_of(const Observation& observation, const numerics::RobustLoss& loss) noexcept;

/// Residuals and Jacobian rows (column-major, leading dimension `rows`) of the observations at `z`; false where they are
/// not finite. `jacobian` empty: residuals only.
bool data_residuals(std::span<const Observation> observations, const numerics::RobustLoss& loss,
                    const Coordinates& z, std::span<double> residuals, std::span<double> jacobian,
                    std::size_t leading, int threads = 1);

/// Minimises from every start and keeps the best. The starts of a large group are compared on a random part of its rows.
/// The exponent of the batch is held inside [0, 1].
/// Requires: at least one observation.
PointEstimate estimate(std::span<const Observation> observations, const Priors& priors,
                       const SearchOptions& options);

/// Improves a known estimate: one start, from there, at most `steps` steps.
PointEstimate refine(std::span<const Observation> observations, const Priors& priors, const Coordinates& from,
                     int steps);

}  // namespace energylens::parametric
