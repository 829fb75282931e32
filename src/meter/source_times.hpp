// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>

#include "energylens/meter/limits.hpp"
#include "energylens/meter/meter.hpp"

namespace energylens::meter {

/// From the first to the last time that the source itself states for the readings; unknown if it states none.
Window source_window(std::span<const Reading> readings);

/// Where the readings of `device` come from if, by the source's own times, they are not of `window`: "a
/// recording of ...". Empty if they are of the window, or the source states no time.
std::string provenance(const Device& device, const Window& source, const Window& window,
                       const Limits& limits);

}  // namespace energylens::meter
