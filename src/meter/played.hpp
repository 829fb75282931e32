// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "energylens/meter/trace.hpp"

namespace energylens::meter {

/// A recording as a meter: scrape by scrape, or by options.in_real_time and options.max_gap_s. Requires: at
/// least one track.
std::unique_ptr<Meter> play(Trace trace, const OpenOptions& options);

}  // namespace energylens::meter
