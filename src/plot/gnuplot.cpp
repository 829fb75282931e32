// SPDX-License-Identifier: Apache-2.0
// gnuplot reads its script from a pipe and writes the picture to another.
#include "core/child.hpp"
#include "energylens/core/error.hpp"
#include "plot/chart.hpp"

namespace energylens::plot {
namespace {

constexpr std::string_view kMissing =
    "--plot requires gnuplot; install the package gnuplot-nox (Debian, Ubuntu) or gnuplot";

}  // namespace

void require_gnuplot() {
  run_child({"gnuplot", "--version"}, "", kMissing);
}

std::string svg(const Chart& chart) {
  const ChildResult drawn = run_child({"gnuplot", "-"}, gnuplot_script(chart), kMissing);
  if (drawn.code != 0 || drawn.out.find("</svg>") == std::string::npos) {
    const std::string reason =
        drawn.err.empty() ? "no picture" : drawn.err.substr(0, drawn.err.find_last_not_of('\n') + 1);
    throw Error(ErrorCode::io, {}, "gnuplot failed: " + reason);
  }
  return drawn.out;
}

}  // namespace energylens::plot
