// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "powercap/fit.hpp"

namespace energylens::powercap {

/// How far energies at caps are from the measured ones, relative to the greatest cap of each load.
struct StudyResult {
  std::string gpu;  ///< "" for all types together
  std::size_t models = 0, sweeps = 0, points = 0;
  double energy_median = kUnknown, energy_p90 = kUnknown;  ///< |predicted / measured - 1|
  double time_median = kUnknown, time_p90 = kUnknown;
  double best_within_one_step =
      kUnknown;                   ///< share of the sweeps whose cap of least energy is named within one cap
  double best_regret = kUnknown;  ///< mean measured energy of the named cap over the least one - 1
  double two_caps_median =
      kUnknown;  ///< from the greatest cap and one other (a quarter or half way) to the others
  double prior_median = kUnknown;  ///< without any row
};

/// With the models left out, one after another, of the types of GPU that have at least two: curves from the other models of
/// the GPU. One result for each type, then one for all.
std::vector<StudyResult> study(std::span<const Sweep> sweeps,
                               const hardware::Catalogue& catalogue = hardware::Catalogue::builtin());

}  // namespace energylens::powercap
