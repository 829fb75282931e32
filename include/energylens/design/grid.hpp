// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <vector>

#include "energylens/design/design.hpp"
#include "energylens/predictor/facts.hpp"

namespace energylens::design {

/// Lists of values, of which every combination is meant. Lengths may hold kUnknown: not stated.
struct Loads {
  std::vector<double> batches;  ///< requests of a job, or limits of a server (max_batch)
  std::vector<double> isls, osls;
};

/// What could be measured, and what of it for.
struct Grid {
  table::RowKind kind = table::RowKind::job;
  std::vector<table::Layout> layouts;
  Loads measurable;
  Loads served;                          ///< asked about in all layouts, whether measurable or not
  bool repeat = false;                   ///< what was measured may be measured again
  double kv_capacity_tokens = kUnknown;  ///< of one replica, where neither rows nor facts know better
};

/// The problem of a grid. Left out are places that cannot hold one request (M = 0: weights or KV cache do not
/// fit), and of the candidates those that were measured. `impossible`, if given, counts the former.
/// Requires: layouts and all lists hold something.
Problem problem_of(const Grid& grid, const table::GroupIdentity& identity, std::vector<table::Row> measured,
                   const predictor::Facts& facts, std::size_t* impossible = nullptr);

/// Seconds that a measurement of each place takes, from the time law fitted to `rows`, or unknown where it
/// says none; all are unknown for fewer than kLeastRows rows with a time. Steady rows take as long as one
/// likes: unknown.
std::vector<double> measuring_times_s(const Problem& problem, std::span<const table::Row> rows,
                                      const predictor::FitOptions& fit);

}  // namespace energylens::design
