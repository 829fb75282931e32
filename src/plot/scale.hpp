// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "plot/chart.hpp"

namespace energylens::plot {

/// What an axis shows: its ends and the numbers written at it.
struct Scale {
  double lo = 0, hi = 1;
  bool log = false;
  std::vector<std::pair<double, std::string>> ticks;

  /// 0 at `lo`, 1 at `hi`.
  double share(double value) const;
};

/// Covers all `values` with some room, and 0 if the axis is to begin there. Unknown values, and on a logarithmic axis
/// those that are not positive, take no part.
Scale scale_of(const Axis& axis, const std::vector<double>& values);

/// Scales of both axes of a panel.
std::pair<Scale, Scale> scales_of(const Panel& panel);

}  // namespace energylens::plot
