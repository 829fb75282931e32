// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::meter {

/// One move of a counter, as readings show it.
struct Edge {
  double value_j = 0;               ///< of the counter after it
  double after_s = 0, until_s = 0;  ///< it was in between: the last reading before, the first one after
  double still_s = 0;               ///< the last reading that showed the same value
  double time_s = kUnknown;         ///< where it is taken to have been; `place_edges` sets it

  double width_s() const { return until_s - after_s; }
  double middle_s() const { return after_s + width_s() / 2; }
  /// How far `time_s` may be off.
  double blur_s() const { return time_s - after_s > until_s - time_s ? time_s - after_s : until_s - time_s; }
};

/// Narrows the time in which each edge was by the counter's update period, and chooses a moment in it. `stated_update_s` is the period that the vendor states, or unknown. Requires: times do not fall,
/// and values rise.
void place_edges(std::vector<Edge>& edges, double stated_update_s);

}  // namespace energylens::meter
