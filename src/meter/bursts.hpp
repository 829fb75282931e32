// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "energylens/meter/meter.hpp"

namespace energylens::meter {

/// Readings that come in groups of one size, as those of several devices do that are read one after the other.
struct Bursts {
  std::size_t size =
      0;  ///< readings in a group; 0: no groups, but closer together than any one device is read
  double span_s = 0, period_s = 0;  ///< of a group, and from one to the next
};

/// The groups in which readings of one device come; nothing if they come one by one, as they should.
std::optional<Bursts> bursts_of(const std::vector<Reading>& readings);

}  // namespace energylens::meter
