// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace energylens::plot {

/// A rectangle in pixels, y growing upwards.
struct Box {
  double left = 0, bottom = 0, right = 0, top = 0;
};

/// A text next to a point.
struct Label {
  double x = 0, y = 0;  ///< of the point, in pixels
  std::string text{};
  // The answer of place_labels: where the text is anchored, and whether it runs to the right (1), to both sides (0) or
  // to the left (-1).
  double at_x = 0, at_y = 0;
  int side = 1;
};

/// Chooses for each label the place around its point where it covers least of `taken`, of the labels before it and of
/// what lies outside `frame`. Greedy, in the order given: O(labels * boxes).
void place_labels(std::vector<Label>& labels, std::vector<Box> taken, const Box& frame);

}  // namespace energylens::plot
