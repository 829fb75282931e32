// SPDX-License-Identifier: Apache-2.0
// Held by csv_writer_test.cpp.
#include "io/csv_writer.hpp"

#include "energylens/core/number_text.hpp"

namespace energylens::io {

void CsvWriter::cell(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return plain(text);
  plain("\"");
  for (const char c : text) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
}

void CsvWriter::cell(double number) {
  plain(known(number) ? number_text(number) : std::string());
}

void CsvWriter::blank(std::size_t cells) {
  for (std::size_t i = 0; i < cells; ++i) plain({});
}

void CsvWriter::end_row() {
  text_ += '\n';
  row_begun_ = false;
}

void CsvWriter::plain(std::string_view text) {
  if (row_begun_) text_ += ',';
  row_begun_ = true;
  text_ += text;
}

}  // namespace energylens::io
