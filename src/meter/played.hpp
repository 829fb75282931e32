// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "energylens/meter/trace.hpp"

namespace energylens::meter {

/// A recording as a meter: scrape by scrape, or in real time from the first read on. Requires: at least one
/// track.
std::unique_ptr<Meter> play(Trace trace, bool in_real_time);

}  // namespace energylens::meter
