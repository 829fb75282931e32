// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>

#include "energylens/parametric/transfer.hpp"
#include "parametric/fit/fit_steps.hpp"

namespace energylens::parametric {

/// The law of a group, fitted to its rows (possibly none) with a prior from `sources`. Sources that differ in whether isl
/// is known are ignored. Without usable sources the group is fitted alone, and has no law if it has no rows.
GroupLaw fit_with_sources(predictor::PreparedRows target, std::span<const GroupLaw> sources,
                          const predictor::FitOptions& options, Relation relation = Relation::pairs);

}  // namespace energylens::parametric
