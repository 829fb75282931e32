// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "energylens/table/row.hpp"
#include "energylens/table/table.hpp"

namespace energylens::table {

/// Very many configurations, in columns of equal length. A column without values is unknown in every row.
struct Configurations {
  std::vector<Layout> layouts;        ///< the distinct ones
  std::vector<std::uint32_t> layout;  ///< of each row, as an index into `layouts`
  std::vector<std::uint8_t> steady;   ///< 1: a steady row; empty: all rows are jobs
  std::span<const double> batch, max_batch, isl, osl, image_tokens, cached_tokens, accepted_per_step,
      kv_capacity_tokens;

  std::size_t rows() const { return layout.size(); }
  bool is_steady(std::size_t row) const { return !steady.empty() && steady[row] != 0; }
  /// Requires: row < rows().
  Configuration operator[](std::size_t row) const;
};

/// The configurations of a table, which must outlive them. Results are ignored. Throws Error with the place of a layout
/// that contradicts itself.
Configurations configurations(const Table& table);

}  // namespace energylens::table
