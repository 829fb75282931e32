// SPDX-License-Identifier: Apache-2.0
// Held by llama_bench_test.cpp.
#include "importers/readers/csv_rows.hpp"

#include <optional>

#include "energylens/core/number_text.hpp"
#include "io/sheet.hpp"

namespace energylens::importers {

std::vector<io::Json> csv_rows(const std::string& text, const std::string& file) {
  io::Sheet sheet(text, file);
  std::vector<io::Json> rows;
  while (sheet.next()) {
    io::Json row = io::Json::object();
    for (std::size_t i = 0; i < sheet.names().size(); ++i) {
      const std::string_view cell = sheet.cell(i);
      if (sheet.names()[i].empty()) continue;
      // Version 1.0 is not the number 1.
      const auto number = sheet.names()[i].ends_with("version") ? std::nullopt : parse_number(cell);
      row[sheet.names()[i]] = cell.empty() ? io::Json(nullptr) : number ? io::Json(*number) : io::Json(cell);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace energylens::importers
