// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>

#include "cli/arguments.hpp"
#include "energylens/table/group.hpp"
#include "plot/chart.hpp"

namespace energylens::cli {

/// --plot FILE.svg
struct PlotFlag {
  std::string file;
  void declare(Arguments& args, const std::string& help);
  bool given() const { return !file.empty(); }
  /// Before long work: throws Error for a name that is not of an SVG file, a folder that cannot be written to, and a
  /// missing gnuplot.
  void check() const;
  /// Draws the chart into the file, whole or not at all.
  void write(const plot::Chart& chart) const;
};

/// "Llama-3-70B on RTX4090, FP16 (simulated data)"; of several groups how many they are.
std::string plot_title(std::span<const table::GroupIdentity> groups);

/// Whether values are spread so far that a logarithmic axis shows them better.
bool wants_log(std::span<const double> values);

}  // namespace energylens::cli
