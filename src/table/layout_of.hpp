// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/core/error.hpp"
#include "energylens/table/row.hpp"
#include "energylens/table/table.hpp"

namespace energylens::table {

/// Most GPUs of a deployment: far above any real one, and safe in an int.
inline constexpr double kMostGpus = 1e6;

/// The layout of a row from its columns layout, num_gpus, tp, pp, dp and ep, by the rules that their descriptions
/// state. `ep_beside_tp`, if given, is set where num_gpus = tp*pp*ep, so that the layout has tp*ep. Throws Error with
/// its place if the columns contradict each other.
Layout layout_of(const Table& table, std::size_t row, bool* ep_beside_tp = nullptr);

/// The place of a cell, for errors.
Place place_of(const Table& table, std::size_t row, Column column);

/// The number in a cell; kUnknown for a blank or an absent column.
inline double number_at(const Table& table, Column column, std::size_t row) {
  const std::span<const double> values = table.numbers(column);
  return values.empty() ? kUnknown : values[row];
}

}  // namespace energylens::table
