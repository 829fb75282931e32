// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "judge.hpp"

namespace energylens::search {

/// Trees to begin with, in stages, the promising first: 0 one, two and three terms that are products of
/// inputs; 1 products of inputs with one or two brackets or functions; from 2 on, sums of two terms inside a
/// power, ((x + y)^e). Deterministic.
inline constexpr int kSeedStages = 7;
std::vector<Tree> seeds(const Setting& setting, int stage, const RunOptions& run);

/// Stage 1; see log_seeds.cpp.
void add_log_seeds(const Setting& setting, const RunOptions& run, std::vector<Tree>& out);

}  // namespace energylens::search
