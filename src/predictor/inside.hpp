// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include "energylens/predictor/group_context.hpp"

namespace energylens::predictor {

/// False only for a known value outside a known range.
inline bool within(const Range& range, double value) {
  return !known(value) || !known(range.min) || (value >= range.min && value <= range.max);
}

/// The mean power of one GPU (W) above which energy and time cannot both be right: its power limit or its TDP, and a
/// margin. Unknown if that is, or if the energies cover more than GPUs.
double highest_power_w(const GroupContext& context);

}  // namespace energylens::predictor
