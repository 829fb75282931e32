// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "energylens/table/columns.hpp"

namespace energylens::simulate {

/// One row of the CSV that a simulation writes; cells that are not set stay blank. Requires: columns are
/// among those of row_header.
class RowText {
 public:
  RowText();
  void set(table::Column column, std::string_view text);
  /// Unknown numbers stay blank; others keep seven digits, more than any instrument gives.
  void set(table::Column column, double value);
  void set(table::Column column, int value) { set(column, static_cast<double>(value)); }
  std::string line() const;  ///< with its end of line

 private:
  std::vector<std::string> cells_;
};

std::string row_header();  ///< with its end of line

}  // namespace energylens::simulate
