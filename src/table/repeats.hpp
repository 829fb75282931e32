// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <map>
#include <vector>

#include "energylens/table/row.hpp"
#include "energylens/table/table.hpp"
#include "table/row_columns.hpp"

namespace energylens::table {

using RowIndices = std::vector<std::size_t>;

/// Layout and load, which are equal in repeats of one measurement. Ordered as the rows of a group are; unknown
/// numbers are -1, since all quantities are >= 0.
struct RepeatKey {
  RowKind kind;
  std::array<double, kLoadColumns.size()> load;
  Layout layout;
  friend auto operator<=>(const RepeatKey&, const RepeatKey&) = default;
};

/// One row of the table with the results that follow exactly from its measured ones. `ep_beside_tp`: see layout_of.
Row measured_row(const Table& table, std::size_t index, bool* ep_beside_tp);

/// Whether a row has an energy or a time.
bool has_result(const Results& results);

/// The sets of repeats among these rows, in canonical order.
std::map<RepeatKey, RowIndices> repeat_sets(const std::vector<Row>& measured, const RowIndices& rows);

/// The mean of repeats.
Row averaged(const std::vector<Row>& measured, const RowIndices& repeats);

}  // namespace energylens::table
