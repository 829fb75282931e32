// SPDX-License-Identifier: Apache-2.0
#include "plot/labels.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace energylens::plot {
namespace {

constexpr double kCharacter = 7.0, kLine = 14.0;  // of the font of labels, in pixels

struct Offset {
  double dx, dy;
  int side;
};
/// From the best place to the worst.
constexpr std::array kOffsets = {
    Offset{12, 9, 1},   Offset{12, -9, 1},   Offset{-12, 9, -1}, Offset{-12, -9, -1}, Offset{0, 14, 0},
    Offset{0, -14, 0},  Offset{12, 0, 1},    Offset{-12, 0, -1}, Offset{9, 24, 1},    Offset{9, -24, 1},
    Offset{-9, 24, -1}, Offset{-9, -24, -1}, Offset{0, 32, 0},   Offset{0, -32, 0},   Offset{26, 0, 1},
    Offset{-26, 0, -1}, Offset{24, 40, 1},   Offset{24, -40, 1}, Offset{-24, 40, -1}};

Box box_of(const Label& label, const Offset& offset) {
  const double width = kCharacter * static_cast<double>(label.text.size());
  const double x = label.x + offset.dx, y = label.y + offset.dy;
  const double left = offset.side > 0 ? x : offset.side < 0 ? x - width : x - width / 2;
  return {left, y - kLine / 2, left + width, y + kLine / 2};
}

double common_area(const Box& a, const Box& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.top, b.top) - std::max(a.bottom, b.bottom);
  return width > 0 && height > 0 ? width * height : 0;
}

double area(const Box& box) {
  return (box.right - box.left) * (box.top - box.bottom);
}

}  // namespace

void place_labels(std::vector<Label>& labels, std::vector<Box> taken, const Box& frame) {
  constexpr double kPerStep = 2;            // a place further down the list is worth this many square pixels
  constexpr std::size_t kMostPlaced = 400;  // no reader finds a way among more; the rest take the first place
  for (Label& label : labels) {
    if (&label - labels.data() >= static_cast<std::ptrdiff_t>(kMostPlaced)) {
      label.at_x = label.x + kOffsets[0].dx;
      label.at_y = label.y + kOffsets[0].dy;
      label.side = kOffsets[0].side;
      continue;
    }
    double least = std::numeric_limits<double>::infinity();
    Box best;
    for (std::size_t i = 0; i < kOffsets.size(); ++i) {
      const Box box = box_of(label, kOffsets[i]);
      double cost = kPerStep * static_cast<double>(i) + 4 * (area(box) - common_area(box, frame));
      for (const Box& other : taken) cost += common_area(box, other);
      if (cost >= least) continue;
      least = cost;
      best = box;
      label.at_x = label.x + kOffsets[i].dx;
      label.at_y = label.y + kOffsets[i].dy;
      label.side = kOffsets[i].side;
    }
    taken.push_back(best);
  }
}

}  // namespace energylens::plot
