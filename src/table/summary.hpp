// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "energylens/table/group.hpp"

namespace energylens::table {

struct LayoutCount {
  Layout layout;
  std::size_t rows = 0;
};

struct GroupSummary {
  GroupIdentity identity;
  std::size_t rows = 0;     ///< after averaging repeats
  std::size_t repeats = 0;  ///< measurements behind them
  std::size_t steady_rows = 0;
  std::size_t scenarios = 0, scenarios_same_gpus = 0;
  std::vector<LayoutCount> layouts;  ///< by (tp, pp, dp, ep)
  // Rows whose value is measured or follows exactly from measured ones:
  std::size_t with_energy = 0, with_prefill_energy = 0, with_decode_energy = 0;
  std::size_t with_time = 0, with_prefill_time = 0, with_decode_time = 0;
};

/// Number of filled cells in a column.
struct ColumnCoverage {
  std::string column;
  std::size_t filled = 0;
};

/// The content of a table, for a user who is about to fit it.
struct TableSummary {
  std::size_t rows = 0;
  std::vector<std::string> unknown_columns;  ///< kept, but not used in a fit
  std::vector<ColumnCoverage> results;       ///< one per result column of the table
  std::vector<GroupSummary> groups;
  std::vector<std::string> warnings;  ///< those of `groups`, and gaps that a fit would notice
};

TableSummary check_summary(const Table& table);

}  // namespace energylens::table
