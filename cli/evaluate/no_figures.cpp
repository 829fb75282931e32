// SPDX-License-Identifier: Apache-2.0
#include "cli/evaluate/no_figures.hpp"

#include <algorithm>

#include "cli/console.hpp"

namespace energylens::cli {
namespace {

constexpr std::string_view kNoChoice =
    "no group has two layouts measured at the same batch, isl and osl, so no choice can be evaluated; use --protocol loo to evaluate the errors alone";

}  // namespace

void warn_of_no_choice(const eval::Report& report) {
  if (report.protocol != "selection" && report.protocol != "learning-curve") return;
  const std::vector<eval::GroupReport>& groups =
      report.reports.empty() ? report.groups : report.reports.front().groups;
  if (std::ranges::any_of(groups, [](const eval::GroupReport& group) { return group.n_scenarios > 0; }))
    return;
  warn(kNoChoice);
}

bool has_figures(const eval::Report& report) {
  const auto known_ones = [](const std::pair<std::string, eval::Scores>& predictor) {
    for (std::size_t m = 0; m < eval::kMetrics; ++m) {
      if (static_cast<eval::Metric>(m) != eval::Metric::unpredicted && known(predictor.second.values[m].mean))
        return true;
    }
    return false;
  };
  return std::ranges::any_of(report.overall, known_ones) || std::ranges::any_of(report.reports, has_figures);
}

std::string why_no_figures(const eval::Report& report, const std::vector<table::Group>& groups) {
  const auto any_row = [&](const auto& has) {
    return std::ranges::any_of(
        groups, [&](const table::Group& group) { return std::ranges::any_of(group.rows, has); });
  };
  if (!any_row([](const table::Row& row) { return known(row.scenario_energy_j()); }))
    return "no row has an energy";
  if (report.protocol == "limited")
    return any_row([](const table::Row& row) {
      return known(row.results.tpot_s) || known(row.scenario_time_s());
    })
               ? "no limit is met by two configurations of one group; set other limits with --tpot"
               : "no row has a time, which limits need";
  if (report.protocol == "extrapolate")
    return "no group has rows on both sides of a cut; choose another --axis or --cut";
  if (report.protocol == "loo") return "no group has rows enough to leave one out";
  return std::string(kNoChoice);
}

}  // namespace energylens::cli
