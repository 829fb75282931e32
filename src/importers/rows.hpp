// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "energylens/importers/import.hpp"

namespace energylens::importers {

/// Whether the request gives this column.
bool is_set(const Request& request, std::string_view column);

/// Rows of the table in the making: cells by name, whatever the order.
class RowMaker {
 public:
  void begin_row();
  /// Sets a cell of the row that was begun; a blank text or an unknown number leaves it blank.
  void set(std::string_view column, std::string_view text);
  void set(std::string_view column, double value);

  /// Applies the request's `set`, and reads the rows as a table named after the first file. Throws Error
  /// where the table refuses them; for a batch that is missing, says how to give it. Warns of what `set` replaces
  /// in the rows, but for names.
  table::Table finish(const Request& request, std::vector<std::string>& warnings);

 private:
  std::size_t column_index(std::string_view column);
  void replace(std::string_view column, const std::string& text, std::vector<std::string>& warnings);
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace energylens::importers
