// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

#include "energylens/core/parallel.hpp"
#include "search/fit/context.hpp"
#include "search/generate/log_basis.hpp"
#include "search/generate/target_transformation.hpp"

namespace energylens::search {

/// The regression ln |z| = ln c + sum of a_i ln x_i + ..., z the transformed target, at a few hundred rows.
struct LogProblem {
  LogProblem(const SearchContext& search_context, const TargetTransformation& z);

  const SearchContext& context;
  const TargetTransformation transformation;
  std::vector<std::size_t> rows;    ///< of the dataset, which are used
  std::vector<std::size_t> inputs;  ///< whose logarithms are in the basis: those > 0 throughout
  std::vector<double> target;       ///< z, by row used
  std::vector<double> weight;       ///< square root of the weight of an error of ln |z|
  std::vector<double> log_z;        ///< weighted ln |z|
  std::vector<double> rest;         ///< log_z less its projection on the basis
  LogBasis basis;                   ///< the constants and the logarithms of the inputs
  std::size_t constants = 0;        ///< number of constants in the basis: one, or one per group
  bool mixed_signs = false;         ///< z has both signs

  /// Whether z has a logarithm at every row used.
  bool solvable() const;
};

/// A bracket or function F that may multiply a product of inputs.
struct LogCandidate {
  Factor factor;
  std::vector<signed char> sign;  ///< by row used; empty: the same in all
  std::vector<double> log;        ///< weighted ln |F|
  std::vector<double> rest;       ///< the same less its projection on the basis
};

/// Candidates of low degree. Those whose logarithm the basis explains are left out.
std::vector<LogCandidate> log_candidates(const LogProblem& problem, const RunOptions& run);

/// How well a candidate alone explains what the basis leaves of ln |z|.
struct RankedCandidate {
  double minus_explained;  ///< reduction of the squared error, with a minus sign: sorts the best first
  std::size_t candidate;
};
/// All candidates, the best first.
std::vector<RankedCandidate> ranked(const LogProblem& problem, const std::vector<LogCandidate>& candidates);

}  // namespace energylens::search
