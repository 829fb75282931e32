// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/choose/choose.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/table/row.hpp"

namespace energylens::choose {

/// A possible layout, and why it is not feasible (empty if it is).
struct CandidateLayout {
  table::Layout layout;
  bool measured = false;  ///< it, or one replica of it, was measured
  std::string rejected;   ///< "weights need 141 GB, 2 x 24 GB", "8 KV heads are not divisible by tp 3"
};

/// Every layout of at most `total_gpus` GPUs, in canonical order: tp and pp over the powers of two and the
/// divisors of `total_gpus`, dp over every number of replicas, and all measured layouts. Expert parallelism
/// and attention data parallelism only as measured, or as the filter names them. Layouts that are not
/// feasible (predictor::infeasible) have their reason; a measured layout is feasible. If weights or memory are
/// unknown, only measured layouts and their replicas are listed, unless the filter names others.
std::vector<CandidateLayout> candidate_layouts(int total_gpus, const predictor::Facts& facts,
                                               std::span<const table::Layout> measured,
                                               const LayoutFilter& filter = {});

}  // namespace energylens::choose
