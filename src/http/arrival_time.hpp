// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>

#include "energylens/core/clock.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::http {

/// When bytes arrived that are read now, by the steady clock. `stamp_s` is the kernel's stamp, by the wall
/// clock; unknown if there is none, and then they arrived now. A wall clock that was set meanwhile cannot put
/// the moment before `before_s`, when earlier bytes arrived, or into the future.
inline double arrival_s(const Clock& clock, double stamp_s, double before_s) {
  const double now_s = clock.steady_now_s();
  const double age_s = known(stamp_s) ? clock.wall_now_s() - stamp_s : 0;
  return std::clamp(now_s - age_s, std::min(before_s, now_s), now_s);
}

}  // namespace energylens::http
