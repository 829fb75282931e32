// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/table/row.hpp"
#include "energylens/table/table.hpp"
#include "table/repeats.hpp"

namespace energylens::table {

/// The cell of a column of either type as text; "" for a blank.
std::string cell_text(const Table& table, Column column, std::size_t row);

/// Counts, while rows are grouped, what a user should know of the table; then makes a line of each finding.
class GroupFindings {
 public:
  explicit GroupFindings(const Table& table) : table_(table) {}

  void left_out(bool no_batch) { ++(no_batch ? without_batch_ : without_result_); }
  void ep_beside_tp() { ++ep_beside_tp_; }
  /// One set of repeats: columns that differ although they take no part in a fit, and results far apart.
  void repeats(const std::vector<Row>& measured, RowSpan rows);
  void group(const RowIndices& rows);

  std::vector<std::string> lines() const;

 private:
  void differing_columns(RowSpan rows);
  void note_differing(std::string_view column);
  void spread(const std::vector<Row>& measured, RowSpan rows);

  const Table& table_;
  std::size_t without_batch_ = 0, without_result_ = 0, ep_beside_tp_ = 0, mixed_groups_ = 0;
  std::size_t far_apart_ = 0;  ///< sets of repeats
  double worst_ratio_ = 0;
  std::string worst_places_;  ///< of the two repeats that are farthest apart
  std::map<std::string, std::size_t> differing_;
};

}  // namespace energylens::table
