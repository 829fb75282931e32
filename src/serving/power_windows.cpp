// SPDX-License-Identifier: Apache-2.0
// Held by simulate_test.cpp: energy is conserved, and the mean over the windows is the mean power.
#include "serving/power_windows.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::serving {

double& PowerWindows::window(double index) {
  const auto offset = static_cast<std::size_t>(std::max(index - first_, 0.0));
  if (offset >= joules_.size()) joules_.resize(offset + 1);
  return joules_[offset];
}

void PowerWindows::add(double begin, double end, double joules) {
  if (length_s_ <= 0 || joules == 0) return;
  const double from = std::floor(begin / length_s_), to = std::floor(end / length_s_);
  if (from == to || end <= begin) {
    window(from) += joules;
    return;
  }
  const double watts = joules / (end - begin);
  for (double index = from; index <= to; ++index) {
    const double left = std::max(begin, index * length_s_), right = std::min(end, (index + 1) * length_s_);
    if (right > left) window(index) += watts * (right - left);
  }
}

void PowerWindows::close_until(double time, Histogram& power_w) {
  while (length_s_ > 0 && next_end() <= time) {
    power_w.add(joules_.empty() ? 0 : joules_.front() / length_s_);
    if (!joules_.empty()) joules_.pop_front();
    ++first_;
  }
}

void PowerWindows::close_all(double end, Histogram& power_w) {
  if (length_s_ <= 0) return;
  close_until(end, power_w);
  const double rest = end - first_ * length_s_;
  if (joules_.empty() || rest <= 0) return;
  if (rest >= 0.5 * length_s_ || power_w.count() == 0) power_w.add(joules_.front() / rest);
}

}  // namespace energylens::serving
