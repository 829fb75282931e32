// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <deque>

#include "energylens/serving/report.hpp"

namespace energylens::serving {

/// Adds up the energy of several replicas in windows of equal length. Only windows that energy can still be added to are kept.
class PowerWindows {
 public:
  explicit PowerWindows(double length_s) : length_s_(length_s) {}

  /// Spreads joules evenly over [begin, end). Requires: begin >= the last closed time.
  void add(double begin, double end, double joules);
  /// Ends all windows up to `time`, to which no energy will be added.
  void close_until(double time, Histogram& power_w);
  /// Ends everything; the last window is as long as it is. It counts if it is at least half as long as the others, or alone.
  void close_all(double end, Histogram& power_w);
  /// The end of the first window that is open.
  double next_end() const { return (first_ + 1) * length_s_; }

 private:
  double& window(double index);

  double length_s_;
  double first_ = 0;  ///< number of the first open window
  std::deque<double> joules_;
};

}  // namespace energylens::serving
