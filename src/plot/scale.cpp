// SPDX-License-Identifier: Apache-2.0
// Ends and ticks are chosen here rather than by gnuplot: on a logarithmic axis of less than a decade it writes one
// number, and labels of points are placed by what the axes show.
#include "plot/scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace energylens::plot {
namespace {

constexpr double kRoom = 0.06;  // of the range, at either end

Scale category_scale(const Axis& axis) {
  Scale scale{-0.6, static_cast<double>(axis.categories.size()) - 0.4, false, {}};
  for (std::size_t i = 0; i < axis.categories.size(); ++i)
    scale.ticks.emplace_back(static_cast<double>(i), axis.categories[i]);
  return scale;
}

/// 1, 2 or 5 times a power of ten, for about `most` steps over `range`.
double nice_step(double range, int most) {
  const double rough = range / most, power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

/// Writes the numbers at the ticks: 250, 0.05; 50k and 2M where some are large.
void name_ticks(Scale& scale) {
  constexpr std::array<std::pair<double, const char*>, 4> kPrefixes = {
      {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
  double most = 0;
  for (const auto& [value, text] : scale.ticks) most = std::max(most, std::abs(value));
  for (auto& [value, text] : scale.ticks) {
    double shown = value;
    const char* prefix = "";
    for (const auto& [unit, letter] : kPrefixes) {
      if (most < 1e4 || std::abs(value) < unit * (1 - 1e-9)) continue;
      shown = value / unit;
      prefix = letter;
      break;
    }
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.6g", std::abs(shown) < 1e-12 * most ? 0 : shown);
    text = digits.data() + std::string(prefix);
  }
}

void add_linear_ticks(Scale& scale) {
  const double step = nice_step(scale.hi - scale.lo, 6);
  for (double k = std::ceil(scale.lo / step - 1e-9); k * step <= scale.hi * (1 + 1e-12) + 1e-9 * step; ++k)
    scale.ticks.emplace_back(k * step, "");
}

void add_log_ticks(Scale& scale) {
  const double decades = std::log10(scale.hi / scale.lo);
  const std::vector<double> factors = decades < 0.8   ? std::vector<double>{1, 1.5, 2, 3, 4, 5, 6, 8}
                                      : decades < 1.6 ? std::vector<double>{1, 2, 3, 5, 7}
                                      : decades < 3.2 ? std::vector<double>{1, 2, 5}
                                                      : std::vector<double>{1};
  for (int e = static_cast<int>(std::floor(std::log10(scale.lo))); std::pow(10.0, e) <= scale.hi; ++e) {
    for (const double factor : factors) {
      const double value = factor * std::pow(10.0, e);
      if (value >= scale.lo && value <= scale.hi) scale.ticks.emplace_back(value, "");
    }
  }
}

}  // namespace

double Scale::share(double value) const {
  return log ? std::log(value / lo) / std::log(hi / lo) : (value - lo) / (hi - lo);
}

Scale scale_of(const Axis& axis, const std::vector<double>& values) {
  if (!axis.categories.empty()) return category_scale(axis);
  double lo = kUnknown, hi = kUnknown;
  for (const double value : values) {
    if (!std::isfinite(value) || (axis.log && value <= 0)) continue;
    lo = known(lo) ? std::min(lo, value) : value;
    hi = known(hi) ? std::max(hi, value) : value;
  }
  if (!known(lo)) lo = hi = 1;
  Scale scale{lo, hi, axis.log, {}};
  if (axis.log) {
    const double room = std::max(1.02, std::pow(hi / lo, kRoom));
    scale.lo = lo / room;
    scale.hi = hi * room;
    add_log_ticks(scale);
    name_ticks(scale);
    return scale;
  }
  if (axis.from_zero) lo = std::min(lo, 0.0);
  const double room = hi > lo ? kRoom * (hi - lo) : 0.5 * std::max(1.0, std::abs(hi));
  scale.lo = axis.from_zero && lo == 0 ? 0 : lo - room;
  scale.hi = hi + room;
  add_linear_ticks(scale);
  name_ticks(scale);
  return scale;
}

std::pair<Scale, Scale> scales_of(const Panel& panel) {
  std::vector<double> xs, ys;
  for (const Series& series : panel.series) {
    for (const Point& p : series.points) {
      if (!known(p.x) || !known(p.y)) continue;  // not drawn
      xs.insert(xs.end(), {p.x, p.x_lo, p.x_hi});
      ys.insert(ys.end(), {p.y, p.y_lo, p.y_hi});
    }
  }
  for (const Line& line : panel.lines) (line.vertical ? xs : ys).push_back(line.at);
  if (panel.diagonal) {
    xs.insert(xs.end(), ys.begin(), ys.end());
    ys = xs;
  }
  return {scale_of(panel.x, xs), scale_of(panel.y, ys)};
}

}  // namespace energylens::plot
