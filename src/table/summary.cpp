// SPDX-License-Identifier: Apache-2.0
// Held by summary_test.cpp.
#include "table/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/text.hpp"

namespace energylens::table {
namespace {

std::vector<ColumnCoverage> result_coverage(const Table& table) {
  std::vector<ColumnCoverage> coverage;
  for (const ColumnInfo& column : columns()) {
    if (column.family != ColumnFamily::results || !table.has(column.column)) continue;
    const std::span<const double> values = table.numbers(column.column);
    const auto filled =
        std::count_if(values.begin(), values.end(), [](double value) { return known(value); });
    coverage.push_back({std::string(column.name), static_cast<std::size_t>(filled)});
  }
  return coverage;
}

GroupSummary summarise(const Group& group) {
  GroupSummary summary;
  summary.identity = group.identity;
  summary.rows = group.rows.size();
  std::map<Layout, std::size_t> layouts;
  for (const Row& row : group.rows) {
    const Results& results = row.results;
    summary.repeats += static_cast<std::size_t>(row.repeats);
    summary.steady_rows += row.config.load.kind == RowKind::steady;
    summary.with_energy += known(row.scenario_energy_j());
    summary.with_prefill_energy += known(results.prefill_energy_j);
    summary.with_decode_energy += known(results.decode_energy_j);
    summary.with_time += known(row.scenario_time_s());
    summary.with_prefill_time += known(results.prefill_time_s);
    summary.with_decode_time += known(results.decode_time_s);
    ++layouts[row.config.layout];
  }
  for (const auto& [layout, rows] : layouts) summary.layouts.push_back({layout, rows});
  summary.scenarios = scenarios(group).size();
  summary.scenarios_same_gpus = scenarios(group, true).size();
  return summary;
}

void warn_of_gaps(TableSummary& summary) {
  const auto count = [&](auto lacks) {
    return static_cast<std::size_t>(std::count_if(summary.groups.begin(), summary.groups.end(), lacks));
  };
  const auto warn = [&](std::size_t groups, std::string_view what) {
    if (groups > 0)
      summary.warnings.push_back(
          fmt::format("{} of {} {}", groups, plural(summary.groups.size(), "group"), what));
  };
  if (summary.groups.empty()) summary.warnings.emplace_back("no rows to fit");
  warn(count([](const GroupSummary& group) { return group.with_energy == 0; }), "without any energy");
  warn(count([](const GroupSummary& group) { return group.with_time == 0; }), "without any time");
  warn(count([](const GroupSummary& group) { return group.layouts.size() == 1; }),
       "with a single layout, so layouts cannot be compared");
}

}  // namespace

TableSummary check_summary(const Table& table) {
  TableSummary summary;
  summary.rows = table.rows();
  for (const TextColumn& column : table.unknown_columns()) summary.unknown_columns.push_back(column.name);
  summary.results = result_coverage(table);
  for (const Group& group : groups(table, &summary.warnings)) summary.groups.push_back(summarise(group));
  warn_of_gaps(summary);
  return summary;
}

}  // namespace energylens::table
