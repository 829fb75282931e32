// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <vector>

#include "energylens/design/design.hpp"
#include "energylens/predictor/facts.hpp"

namespace energylens::design {

/// Lists of values; every combination is a load. Lengths may contain kUnknown: not stated.
struct Loads {
  std::vector<double> batches;  ///< requests of a job, or limits of a server (max_batch)
  std::vector<double> isls, osls;
};

/// The configurations that could be measured, and the workload.
struct Grid {
  table::RowKind kind = table::RowKind::job;
  std::vector<table::Layout> layouts;
  Loads measurable;
  Loads served;                          ///< the workload, in all layouts, whether measurable or not
  bool repeat = false;                   ///< measured configurations may be measured again
  double kv_capacity_tokens = kUnknown;  ///< of one replica, if neither rows nor facts state one
};

/// The most configurations of a grid.
inline constexpr std::size_t kMostInGrid = 200'000;

/// The problem of a grid, without places that cannot hold one request (M = 0: weights or KV cache do not
/// fit), whose number is stored in `impossible` if given, and without measured candidates unless grid.repeat.
/// Requires: layouts and all lists are not empty. Throws Error (usage) for more than kMostInGrid configurations.
Problem problem_of(const Grid& grid, const table::GroupIdentity& identity, std::vector<table::Row> measured,
                   const predictor::Facts& facts, std::size_t* impossible = nullptr);

/// Seconds that a measurement of each place takes, by the time law fitted to `rows`. Unknown where the law
/// predicts none, for steady rows (their length is free), and for all places with fewer than kLeastRows timed
/// rows.
std::vector<double> measuring_times_s(const Problem& problem, std::span<const table::Row> rows,
                                      const predictor::FitOptions& fit);

}  // namespace energylens::design
