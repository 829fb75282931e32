// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "energylens/table/row.hpp"
#include "energylens/table/table.hpp"

namespace energylens::table {

using RowIndices = std::vector<std::size_t>;
using RowSpan = std::span<const std::size_t>;

/// One row of the table with the results that follow exactly from its measured ones. `ep_beside_tp`: see layout_of.
Row measured_row(const Table& table, std::size_t index, bool* ep_beside_tp);

/// Whether a row has an energy or a time.
bool has_result(const Results& results);

/// Sorts the rows by kind, load and layout, which are equal in repeats of one measurement: the canonical order of the
/// rows of a group. Repeats keep their order. Returns where each set of repeats ends.
RowIndices sort_into_repeats(const std::vector<Row>& measured, RowIndices& rows);

/// The mean of repeats.
Row averaged(const std::vector<Row>& measured, RowSpan repeats);

}  // namespace energylens::table
