// SPDX-License-Identifier: Apache-2.0
// Rows are sorted by load and layout, so that the order of the rows in the table changes nothing. Held by group_test.cpp.
#include "table/repeats.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <numeric>

#include "table/derive.hpp"
#include "table/layout_of.hpp"
#include "table/row_columns.hpp"

namespace energylens::table {
namespace {

/// Unknown numbers come first; all quantities are at least 0.
double sortable(double value) {
  return known(value) ? value : -1;
}

std::strong_ordering order_of(double a, double b) {
  return a < b   ? std::strong_ordering::less
         : a > b ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

std::strong_ordering order_of(const table::Configuration& a, const table::Configuration& b) {
  if (a.load.kind != b.load.kind) return a.load.kind <=> b.load.kind;
  for (const auto& [column, member] : kLoadColumns) {
    const std::strong_ordering order = order_of(sortable(a.load.*member), sortable(b.load.*member));
    if (order != std::strong_ordering::equal) return order;
  }
  return a.layout <=> b.layout;
}

/// In ascending order, so that sums do not depend on the order of rows.
std::vector<double> known_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !known(value); });
  std::sort(values.begin(), values.end());
  return values;
}

double mean_of_known(const std::vector<double>& values) {
  const std::vector<double> all = known_of(values);
  if (all.empty()) return kUnknown;
  return std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
}

/// Sample standard deviation of the logarithms of the known values; unknown for fewer than two.
double log_sd(const std::vector<double>& values) {
  std::vector<double> logs = known_of(values);
  if (logs.size() < 2) return kUnknown;
  for (double& value : logs) value = std::log(value);
  const double mean = mean_of_known(logs);
  double squares = 0;
  for (const double log : logs) squares += (log - mean) * (log - mean);
  return std::sqrt(squares / static_cast<double>(logs.size() - 1));
}

}  // namespace

Row measured_row(const Table& table, std::size_t index, bool* ep_beside_tp) {
  Row row;
  row.file = table.file(index);
  row.line = table.line(index);
  row.config.layout = layout_of(table, index, ep_beside_tp);
  Load& load = row.config.load;
  load.kind = table.text(Column::row_kind, index) == "steady" ? RowKind::steady : RowKind::job;
  for (const auto& [column, member] : kLoadColumns) load.*member = number_at(table, column, index);
  if (load.kind == RowKind::steady) load.concurrency = number_at(table, Column::concurrency, index);
  for (const auto& [column, member] : kResultColumns) row.results.*member = number_at(table, column, index);
  row.config.kv_capacity_tokens = number_at(table, Column::kv_capacity_tokens, index);
  if (!known(load.batch)) load.batch = in_flight(row.results, load);
  derive(row.results, load);
  return row;
}

bool has_result(const Results& r) {
  return known(r.total_energy_j) || known(r.prefill_energy_j) || known(r.decode_energy_j) ||
         known(r.energy_per_out_token_j) || known(r.total_time_s) || known(r.prefill_time_s) ||
         known(r.decode_time_s) || known(r.ttft_s) || known(r.tpot_s);
}

RowIndices sort_into_repeats(const std::vector<Row>& measured, RowIndices& rows) {
  const auto order = [&](std::size_t a, std::size_t b) {
    return order_of(measured[a].config, measured[b].config);
  };
  std::ranges::sort(rows, [&](std::size_t a, std::size_t b) {
    const std::strong_ordering of_both = order(a, b);
    return of_both == std::strong_ordering::equal ? a < b : of_both == std::strong_ordering::less;
  });
  RowIndices ends;
  for (std::size_t i = 1; i <= rows.size(); ++i) {
    if (i == rows.size() || order(rows[i - 1], rows[i]) != std::strong_ordering::equal) ends.push_back(i);
  }
  return ends;
}

Row averaged(const std::vector<Row>& measured, RowSpan repeats) {
  Row row = measured[repeats.front()];
  if (repeats.size() == 1) return row;
  const auto values = [&](auto value_of) {
    std::vector<double> result;
    for (const std::size_t index : repeats) result.push_back(value_of(measured[index]));
    return result;
  };
  for (const auto& [column, member] : kResultColumns) {
    row.results.*member =
        mean_of_known(values([member = member](const Row& each) { return each.results.*member; }));
  }
  row.config.kv_capacity_tokens =
      mean_of_known(values([](const Row& each) { return each.config.kv_capacity_tokens; }));
  row.log_sd = log_sd(values([](const Row& each) { return each.scenario_energy_j(); }));
  row.repeats = static_cast<int>(repeats.size());
  return row;
}

}  // namespace energylens::table
