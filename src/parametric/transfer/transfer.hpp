// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>

#include "energylens/parametric/transfer.hpp"
#include "parametric/fit/fit_steps.hpp"

namespace energylens::law {

/// The law of a group whose rows, perhaps none, are read in the light of `sources`. Sources that read isl
/// otherwise are passed over; without any other the group is fitted as if alone, and has no law where it has
/// no rows.
GroupLaw fit_with_sources(Prepared target, std::span<const GroupLaw> sources,
                          const predictor::FitOptions& options);

}  // namespace energylens::law
