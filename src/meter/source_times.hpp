// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>

#include "energylens/meter/window.hpp"

namespace energylens::meter {

/// From the first to the last moment that the source states for the readings; unknown if it states none.
Window source_window(std::span<const Reading> readings);

/// Why readings of `device` in `window` are not of that time, by what the source says of itself; empty if
/// they are, or nobody can tell.
std::string not_of_run(const Device& device, const Window& source, const Window& window,
                       const Limits& limits);

}  // namespace energylens::meter
