// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "energylens/meter/trace.hpp"
#include "energylens/meter/window.hpp"

namespace energylens::meter {

/// A track whose times follow the monotonic clock, and the window in those times.
struct SteadyTrack {
  Track track;
  Window window;
};

/// The track by its monotonic clock, so that no small step of the system's clock lengthens or shortens a window; nothing if
/// that changes nothing, or the readings have no such clock.
std::optional<SteadyTrack> on_steady_clock(const Track& track, const Window& window);

}  // namespace energylens::meter
