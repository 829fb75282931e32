// SPDX-License-Identifier: Apache-2.0
#include "cli/plot.hpp"

#include <algorithm>

#include "cli/flags.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {

void PlotFlag::declare(Arguments& args, const std::string& help) {
  args.text("--plot", file, "FILE.svg", help + " (SVG; requires gnuplot)");
  args.writes();
}

void PlotFlag::check() const {
  if (!given()) return;
  if (!file.ends_with(".svg") || file == ".svg")
    throw Error::bad_cell({{}, 0, "--plot"}, file, "a file name that ends with .svg");
  check_writable(file);
  plot::require_gnuplot();
}

void PlotFlag::write(const plot::Chart& chart) const {
  write_file(file, plot::svg(chart));
}

std::string plot_title(std::span<const table::GroupIdentity> groups) {
  const bool simulated = std::ranges::any_of(groups, &table::GroupIdentity::simulated);
  const std::string suffix = simulated ? " (simulated data)" : "";
  if (groups.size() != 1) return plural(groups.size(), "group") + suffix;
  constexpr std::size_t kMostLetters = 66;
  const table::GroupIdentity& group = groups.front();
  std::string text = group["model"];
  if (!group["gpu"].empty()) text += (text.empty() ? "" : " on ") + group["gpu"];
  if (!group["quant"].empty()) text += (text.empty() ? "" : ", ") + group["quant"];
  std::string all = text;  // with what else distinguishes the group, where there is room
  for (const auto& [column, value] : group.key) {
    if (column != "model" && column != "gpu" && column != "quant") all += (all.empty() ? "" : ", ") + value;
  }
  if (all.size() + suffix.size() <= kMostLetters || text.empty()) text = all;
  return (text.empty() ? "measurements" : text) + suffix;
}

bool wants_log(std::span<const double> values) {
  constexpr double kSpread = 12;
  double lo = kUnknown, hi = kUnknown;
  for (const double value : values) {
    if (!known(value)) continue;
    if (value <= 0) return false;
    lo = known(lo) ? std::min(lo, value) : value;
    hi = known(hi) ? std::max(hi, value) : value;
  }
  return known(lo) && hi > kSpread * lo;
}

}  // namespace energylens::cli
