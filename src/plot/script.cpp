// SPDX-License-Identifier: Apache-2.0
// All positions are set in pixels, so that labels can be placed without covering points; texts are written as they are,
// without the markup of gnuplot. Colours are those of Okabe and Ito, which people with red-green blindness can distinguish.
#include <algorithm>
#include <array>
#include <cmath>

#include "energylens/core/error.hpp"
#include "plot/chart.hpp"
#include "plot/labels.hpp"
#include "plot/scale.hpp"

namespace energylens::plot {
namespace {

constexpr std::array kPalette = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                 "#E69F00", "#56B4E9", "#332288", "#882255"};
constexpr const char* kGrey = "#8A8A8A";
constexpr const char* kDark = "#222222";
constexpr std::size_t kCrowd = 60;                     // more points than this in a panel are drawn small
constexpr std::array kFilled = {7, 5, 9, 11, 13, 15};  // circle, square, triangles, diamond, pentagon
constexpr std::array kOutline = {6, 4, 8, 10, 12, 14};
constexpr double kTitleLeft = 20, kCategoryLetter = 7.6;
constexpr double kLeft = 86, kBottom = 66, kAbove = 34, kTitle = 64, kRight = 26, kLegendRow = 20;

/// 'text' as gnuplot reads it: nothing in it has a meaning.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c == '\n' ? ' ' : c;
  }
  return out + '\'';
}

std::string at(double x, double y) {
  return number_text(x) + ',' + number_text(y);
}

std::string colour_of(const Series& series) {
  if (series.colour < -1) return kDark;
  return series.colour < 0 ? kGrey : kPalette[static_cast<std::size_t>(series.colour) % kPalette.size()];
}

int mark_of(const Series& series) {
  const auto index = static_cast<std::size_t>(std::max(0, series.colour)) % kFilled.size();
  return series.hollow || series.ring ? kOutline[series.ring ? 0 : index] : kFilled[index];
}

/// Where a panel lies, in pixels from the lower left.
struct Place {
  Box inner;
  double width, height;  ///< of the whole picture

  std::string screen(double x, double y) const { return "screen " + at(x / width, y / height); }
};

bool drawable(const Point& p, const Scale& x, const Scale& y) {
  return std::isfinite(p.x) && std::isfinite(p.y) && !(x.log && p.x <= 0) && !(y.log && p.y <= 0);
}

/// Entries of the legend: the first series of each name.
std::vector<const Series*> legend_of(const Chart& chart) {
  std::vector<const Series*> entries;
  for (const Panel& panel : chart.panels) {
    for (const Series& series : panel.series) {
      const auto same = [&](const Series* other) { return other->name == series.name; };
      if (!series.name.empty() && !series.points.empty() && std::ranges::none_of(entries, same))
        entries.push_back(&series);
    }
  }
  return entries;
}

/// Rows of the legend, whose entries stand side by side.
struct Legend {
  std::vector<const Series*> entries;
  std::size_t columns = 1, rows = 0;
};

/// What title and subtitle need, in pixels.
double heading_width(const Chart& chart) {
  constexpr double kTitleLetter = 10.6, kSubtitleLetter = 7;
  return 2 * kTitleLeft + std::max(kTitleLetter * static_cast<double>(chart.title.size()),
                                   kSubtitleLetter * static_cast<double>(chart.subtitle.size()));
}

Legend arranged(const Chart& chart, double width) {
  Legend legend{legend_of(chart), 1, 0};
  std::size_t longest = 1;
  for (const Series* one : legend.entries) longest = std::max(longest, one->name.size());
  const double column = 40 + 7.5 * static_cast<double>(longest);
  legend.columns = std::max<std::size_t>(1, static_cast<std::size_t>((width - kTitleLeft) / column));
  legend.rows = (legend.entries.size() + legend.columns - 1) / legend.columns;
  return legend;
}

std::string axis_text(const char* name, const Axis& axis, const Scale& scale) {
  const std::string n(name);
  std::string text = (axis.log ? "set logscale " : "unset logscale ") + n + "\nset " + n + "range [" +
                     number_text(scale.lo) + ':' + number_text(scale.hi) + "]\nset " + n + "tics (";
  for (std::size_t i = 0; i < scale.ticks.size(); ++i)
    text += (i == 0 ? "" : ", ") + quoted(scale.ticks[i].second) + ' ' + number_text(scale.ticks[i].first);
  text += ")\n";
  // Names stand far apart or at an angle: they are longer than numbers.
  if (n == "x" && axis.categories.size() > 6) text += "set xtics rotate by -35\n";
  return n == "x" ? text + "set xlabel " + quoted(axis.label) + '\n' : text;
}

std::string text_at(const Place& place, double x, double y, const std::string& text, const std::string& how) {
  return "set label " + quoted(text) + " at " + place.screen(x, y) + ' ' + how + '\n';
}

std::string lines_text(const Panel& panel, const Place& place, const Scale& x, const Scale& y) {
  std::string text;
  for (const Line& line : panel.lines) {
    const double left = place.inner.left, width = place.inner.right - left;
    const double bottom = place.inner.bottom, height = place.inner.top - bottom;
    const double px = left + width * x.share(line.at), py = bottom + height * y.share(line.at);
    const std::string from = line.vertical ? place.screen(px, bottom) : place.screen(left, py);
    const std::string to =
        line.vertical ? place.screen(px, place.inner.top) : place.screen(place.inner.right, py);
    text += "set arrow from " + from + " to " + to + " nohead back dashtype 2 lw 1.4 lc rgb '#444444'\n";
    if (line.label.empty()) continue;
    text += line.vertical ? text_at(place, px + 5, place.inner.top - 12, line.label,
                                    "left font ',12' textcolor rgb '#444444'")
                          : text_at(place, place.inner.right - 5, py + 9, line.label,
                                    "right font ',12' textcolor rgb '#444444'");
  }
  return text;
}

/// Places of all points and of the error bars, as far as labels must not cover them.
std::string labels_text(const Panel& panel, const Place& place, const Scale& x, const Scale& y) {
  const auto px = [&](double v) {
    return place.inner.left + (place.inner.right - place.inner.left) * x.share(v);
  };
  const auto py = [&](double v) {
    return place.inner.bottom + (place.inner.top - place.inner.bottom) * y.share(v);
  };
  std::vector<Box> taken;
  std::vector<Label> labels;
  for (const Series& series : panel.series) {
    for (const Point& p : series.points) {
      if (!drawable(p, x, y) || series.style == Style::bars) continue;
      const double size = series.ring ? 10 : 5;
      taken.push_back({px(p.x) - size, py(p.y) - size, px(p.x) + size, py(p.y) + size});
      if (known(p.y_lo) && known(p.y_hi)) taken.push_back({px(p.x) - 1, py(p.y_lo), px(p.x) + 1, py(p.y_hi)});
      if (known(p.x_lo) && known(p.x_hi)) taken.push_back({px(p.x_lo), py(p.y) - 1, px(p.x_hi), py(p.y) + 1});
      if (!p.label.empty()) labels.push_back({px(p.x), py(p.y), p.label, 0, 0, 1});
    }
  }
  for (const Line& line : panel.lines) {
    if (!line.vertical) continue;
    const double v = px(line.at);
    taken.push_back({v - 1, place.inner.bottom, v + 1, place.inner.top});
    taken.push_back(
        {v, place.inner.top - 20, v + 7.0 * static_cast<double>(line.label.size()), place.inner.top});
  }
  place_labels(labels, std::move(taken), place.inner);
  std::string text;
  for (const Label& label : labels) {
    text += text_at(place, label.at_x, label.at_y, label.text,
                    (label.side > 0   ? "left"
                     : label.side < 0 ? "right"
                                      : "center") +
                        std::string(" font ',12' front"));
  }
  return text;
}

/// One block of data and how it is drawn, gathered for one `plot` command.
struct Plotted {
  std::string data, commands;
  int blocks = 0;

  void add(const std::string& lines, const std::string& how) {
    const std::string name = "$d" + std::to_string(blocks++);
    data += name + " << EOD\n" + lines + "EOD\n";
    commands += (commands.empty() ? "plot " : ", \\\n     ") + name + ' ' + how;
  }
};

/// Error bars as segments, below all points.
std::string bars_lines(const Series& series, const Scale& x, const Scale& y) {
  std::string lines;
  for (const Point& p : series.points) {
    if (!drawable(p, x, y)) continue;
    const auto segment = [&](double x1, double y1, double x2, double y2) {
      lines +=
          number_text(x1) + ' ' + number_text(y1) + '\n' + number_text(x2) + ' ' + number_text(y2) + "\n\n";
    };
    if (known(p.x_lo) && known(p.x_hi)) segment(x.log ? std::max(p.x_lo, x.lo) : p.x_lo, p.y, p.x_hi, p.y);
    if (known(p.y_lo) && known(p.y_hi)) segment(p.x, y.log ? std::max(p.y_lo, y.lo) : p.y_lo, p.x, p.y_hi);
  }
  return lines;
}

void add_series(Plotted& plotted, const Series& series, const Scale& x, const Scale& y, bool crowded) {
  const std::string colour = "lc rgb '" + colour_of(series) + '\'';
  std::string lines;
  for (const Point& p : series.points) {
    if (!drawable(p, x, y)) continue;
    if (series.style == Style::bars) {  // x, y, left, right, bottom, top
      lines += number_text(p.x) + ' ' + number_text(p.y) + ' ' + number_text(std::max(p.from, x.lo)) + ' ' +
               number_text(p.x) + ' ' + number_text(p.y - 0.36) + ' ' + number_text(p.y + 0.36) + '\n';
    } else {
      lines += number_text(p.x) + ' ' + number_text(p.y) + '\n';
    }
  }
  if (lines.empty()) return;
  const std::string mark = "pt " + std::to_string(mark_of(series)) + " ps " +
                           (series.ring ? "2.2 lw 2.2 "
                            : crowded   ? "0.5 "
                                        : "0.85 ") +
                           colour;
  if (series.style == Style::bars) {
    plotted.add(lines, "using 1:2:3:4:5:6 with boxxyerror fs solid 0.85 noborder " + colour + " notitle");
  } else if (series.style == Style::line) {
    plotted.add(lines, "using 1:2 with linespoints lw 2 " + mark + " notitle");
  } else {
    plotted.add(lines, "using 1:2 with points " + mark + " notitle");
  }
}

bool is_crowded(const Panel& panel) {
  std::size_t points = 0;
  for (const Series& one : panel.series) points += one.style == Style::points ? one.points.size() : 0;
  return points > kCrowd;
}

/// Small series are drawn last, so that large ones do not cover them.
std::vector<const Series*> from_many_points(const Panel& panel) {
  std::vector<const Series*> all;
  for (const Series& one : panel.series) all.push_back(&one);
  std::ranges::stable_sort(
      all, [](const Series* a, const Series* b) { return a->points.size() > b->points.size(); });
  return all;
}

std::string legend_text(const Legend& legend, const Place& place) {
  std::string text;
  const double column = (place.width - kTitleLeft) / static_cast<double>(legend.columns);
  for (std::size_t i = 0; i < legend.entries.size(); ++i) {
    const Series& series = *legend.entries[i];
    const double x = kTitleLeft + column * static_cast<double>(i % legend.columns);
    const double y = place.height - kTitle - kLegendRow * (0.5 + static_cast<double>(i / legend.columns));
    const int mark = series.style == Style::bars ? 5 : mark_of(series);
    text += text_at(place, x + 8, y, series.name,
                    "left font ',12' point pt " + std::to_string(mark) +
                        (series.ring ? " ps 1.5 lw 2" : " ps 0.85") + " lc rgb '" + colour_of(series) +
                        "' offset character 1,-0.3");
  }
  return text;
}

std::string panel_text(const Panel& panel, const Place& place) {
  const auto [x, y] = scales_of(panel);
  const auto share = [](double pixels, double all) { return number_text(pixels / all); };
  std::string text = "set lmargin at screen " + share(place.inner.left, place.width) +
                     "\nset rmargin at screen " + share(place.inner.right, place.width) +
                     "\nset bmargin at screen " + share(place.inner.bottom, place.height) +
                     "\nset tmargin at screen " + share(place.inner.top, place.height) +
                     "\nset xtics norotate\n" + axis_text("x", panel.x, x) + axis_text("y", panel.y, y);
  // gnuplot drops the label of an axis whose numbers are wide.
  if (!panel.y.label.empty())
    text += text_at(place, place.inner.left - 64, (place.inner.bottom + place.inner.top) / 2, panel.y.label,
                    "center rotate by 90");
  if (!panel.title.empty())
    text += text_at(place, place.inner.left, place.inner.top + 16, panel.title, "left font ',14'");
  text += lines_text(panel, place, x, y) + labels_text(panel, place, x, y);
  Plotted plotted;
  if (panel.diagonal) {
    plotted.add(number_text(x.lo) + ' ' + number_text(y.lo) + '\n' + number_text(x.hi) + ' ' +
                    number_text(y.hi) + '\n',
                "using 1:2 with lines lw 1.2 dashtype 2 lc rgb '#666666' notitle");
  }
  // Bars of values first, then their intervals, then points, which nothing must cover.
  for (const Series& one : panel.series)
    if (one.style == Style::bars) add_series(plotted, one, x, y, false);
  for (const Series& one : panel.series) {
    const std::string lines = bars_lines(one, x, y);
    const std::string colour = one.style == Style::bars ? "#333333" : colour_of(one);
    if (!lines.empty()) plotted.add(lines, "using 1:2 with lines lw 1.3 lc rgb '" + colour + "' notitle");
  }
  for (const Series* one : from_many_points(panel)) {
    if (one->style != Style::bars) add_series(plotted, *one, x, y, is_crowded(panel));
  }
  if (plotted.commands.empty()) return {};
  return plotted.data + text + plotted.commands + "\nunset label\nunset arrow\n";
}

}  // namespace

std::string gnuplot_script(const Chart& chart) {
  const auto has_point = [](const Panel& panel) {
    return std::ranges::any_of(panel.series, [](const Series& s) { return !s.points.empty(); });
  };
  if (std::ranges::none_of(chart.panels, has_point))
    throw Error::usage("--plot: there are no points to plot");
  const std::size_t count = chart.panels.size(),
                    columns = std::min(count, static_cast<std::size_t>(chart.columns));
  const std::size_t rows = (count + columns - 1) / columns;
  double left = kLeft;
  for (const Panel& panel : chart.panels) {
    for (const std::string& name : panel.y.categories)
      left = std::max(left, 30 + kCategoryLetter * static_cast<double>(name.size()));
  }
  const auto angled = [](const Panel& panel) { return panel.x.categories.size() > 6; };
  const double bottom = kBottom + (std::ranges::any_of(chart.panels, angled) ? 34 : 0);
  const double cell_width = left + chart.panel_width + kRight,
               cell_height = bottom + chart.panel_height + kAbove;
  const double width = std::max(static_cast<double>(columns) * cell_width, heading_width(chart));
  const Legend legend = arranged(chart, width);
  const double top = kTitle + kLegendRow * static_cast<double>(legend.rows) + (legend.rows > 0 ? 6 : 0);
  const double height = top + static_cast<double>(rows) * cell_height;
  Place place{{}, width, height};
  std::string text =
      "set encoding utf8\nset terminal svg size " + at(width, height) +
      " noenhanced font 'Arial,13' background '#FFFFFF'\nset output\nset multiplot\n"
      "set border 3 lc rgb '#444444'\nset tics nomirror out scale 0.6 textcolor rgb '#222222'\n"
      "set grid xtics ytics back lc rgb '#E3E3E3' lw 1 dashtype 1\nunset key\nset xlabel offset 0,0.3\n";
  for (std::size_t i = 0; i < count; ++i) {
    const double x = static_cast<double>(i % columns) * cell_width + left;
    const double y = height - top - static_cast<double>(i / columns + 1) * cell_height + bottom;
    place.inner = {x, y, x + chart.panel_width, y + chart.panel_height};
    if (i == 0) {
      text += text_at(place, kTitleLeft, height - 22, chart.title, "left font 'Arial Bold,17'");
      text +=
          text_at(place, kTitleLeft, height - 46, chart.subtitle, "left font ',13' textcolor rgb '#444444'");
      text += legend_text(legend, place);
    }
    text += panel_text(chart.panels[i], place);
  }
  return text + "unset multiplot\n";
}

}  // namespace energylens::plot
