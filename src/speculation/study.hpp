// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "energylens/predictor/predictor.hpp"
#include "speculation/pairs.hpp"

namespace energylens::speculation {

/// Errors of the ratio of energies with and without speculative decoding: medians of |predicted / measured - 1|.
struct Errors {
  double from = 0, to = 0;  ///< least and greatest number of requests in flight
  std::size_t pairs = 0;
  double measured_ratio = kUnknown;   ///< median
  double pairs_left_out = kUnknown;   ///< law and acceptance from the other pairs of the group
  double groups_left_out = kUnknown;  ///< acceptance of all other groups together
};

/// What one pair of groups shows.
struct Acceptance {
  std::string group;     ///< the one without speculation, for people
  std::string workload;  ///< of the one with it
  double accepted_per_step = kUnknown;
  Errors errors;
};

struct StudyResult {
  double drafted_per_step = kUnknown;
  double accepted_per_step = kUnknown;  ///< of all groups together
  std::vector<Acceptance> groups;
  std::vector<Errors> by_requests;  ///< the last entry is for all
};

/// Fits the law to the rows without speculative decoding and looks for the accepted tokens per step that give the
/// measured ratios: one number for each pair of groups, with a prior from all others. A row that states
/// accepted_per_step keeps it. Empty if no two groups differ in speculative decoding alone.
StudyResult study(std::span<const table::Group> groups, double drafted_per_step,
                  const predictor::FitOptions& options);

}  // namespace energylens::speculation
