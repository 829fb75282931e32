// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "search/fit/judge.hpp"

namespace energylens::search {

/// Trees to begin with, in stages: products of inputs with brackets or functions (log_seeds.cpp); sums of
/// products, plain and inside a power, ((x + y)^e); sums of products with a bracket or function each; every
/// second stage is the one before for what is left once inputs are peeled off (peel.hpp). Deterministic.
inline constexpr int kSeedStages = 24;
std::vector<Tree> seeds(const Setting& setting, const Problem& problem, int stage, const RunOptions& run);

/// Products, of the target or (`of_views`) of functions of it; see log_seeds.cpp.
void add_log_seeds(const Setting& setting, bool of_views, const RunOptions& run, std::vector<Tree>& out);

/// Of the factors that explain most of ln |y| alone, the first few, with the whole exponents that they have
/// then.
std::vector<Factor> leading_factors(const Setting& setting, const RunOptions& run);

}  // namespace energylens::search
