// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>

#include "energylens/predictor/predictor.hpp"

namespace energylens::cli {

/// All rows, or the first `most` of each group in the order that evaluation draws in; 0: all.
predictor::TrainingData training_rows(std::span<const table::Group> groups, int most, std::uint64_t seed);

/// Warns of groups with fewer rows than wanted: a reader takes the fit for one of N rows.
void warn_of_small_groups(std::span<const table::Group> groups, int wanted);

}  // namespace energylens::cli
