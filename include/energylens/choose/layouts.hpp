// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/predictor/facts.hpp"
#include "energylens/table/row.hpp"

namespace energylens::choose {

/// A layout that could be asked for, and why memory forbids it (empty if it does not).
struct CandidateLayout {
  table::Layout layout;
  bool measured = false;  ///< a fit has seen it, or a replica of it
  std::string rejected;   ///< "weights need 141 GB, 2 x 24 GB"
};

/// Every layout of `total_gpus` and fewer, in canonical order: tp and pp over the powers of two and the
/// divisors of `total_gpus`, dp over every number of replicas, and whatever was measured. Expert parallelism
/// and attention data parallelism only as measured. Memory: the weights of a replica against its GPUs; what
/// was measured fits by evidence. Where weights or memory are unknown, only measured layouts and their
/// replicas are listed.
std::vector<CandidateLayout> candidate_layouts(int total_gpus, const predictor::Facts& facts,
                                               std::span<const table::Layout> measured);

}  // namespace energylens::choose
