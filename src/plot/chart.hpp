// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::plot {

/// A point with its interval; unknown ends have no bar.
struct Point {
  double x = kUnknown, y = kUnknown;
  double x_lo = kUnknown, x_hi = kUnknown, y_lo = kUnknown, y_hi = kUnknown;
  std::string label{};  ///< written next to it; "" for none
  double from = 0;      ///< where a bar begins
};

/// How the points of a series are drawn.
enum class Style { points, line, bars };

/// Points that share a colour and a name in the legend. Bars run along x, from `from`, at y = 0, 1, ... of the categories.
struct Series {
  std::string name{};  ///< in the legend; "" for none
  Style style = Style::points;
  std::vector<Point> points{};
  int colour = 0;       ///< index into the palette; -1: grey, -2: dark
  bool hollow = false;  ///< an outline only
  bool ring = false;    ///< large circles around points of other series
};

/// A line across the whole panel.
struct Line {
  bool vertical = false;
  double at = kUnknown;
  std::string label{};
};

struct Axis {
  std::string label{};  ///< with the unit
  bool log = false;
  bool from_zero = false;
  std::vector<std::string> categories{};  ///< names of 0, 1, ...; empty: numbers
};

struct Panel {
  std::string title{};
  Axis x{}, y{};
  std::vector<Series> series{};
  std::vector<Line> lines{};
  bool diagonal = false;  ///< the line y = x, with the same range for both axes
};

/// A picture of panels side by side, `columns` to a row. Series of one name share an entry in the legend.
struct Chart {
  std::string title{}, subtitle{};
  std::vector<Panel> panels{};
  int columns = 2;
  double panel_width = 460, panel_height = 360;  ///< pixels, without labels
};

/// The picture as SVG, drawn by gnuplot; the same text for the same chart. Throws Error (io) where gnuplot is missing or
/// fails, Error (usage) for a chart without a point.
std::string svg(const Chart& chart);

/// Throws Error (io), naming the package, where there is no gnuplot: long work asks before it begins.
void require_gnuplot();

/// The input of gnuplot for the chart.
std::string gnuplot_script(const Chart& chart);

}  // namespace energylens::plot
