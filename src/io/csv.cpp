// SPDX-License-Identifier: Apache-2.0
// Cells without a quotation mark are cut out in place between commas, at about a byte per cycle. From its first
// quotation mark on, a record is parsed by libcsv, which knows the full grammar of RFC 4180. It is given line after line
// until it reports the end of the record, so that lines are counted exactly. tests/io/csv_test.cpp compares both ways.
#include "io/csv.hpp"

#include <csv.h>

#include <array>
#include <new>

#include "energylens/core/error.hpp"

namespace energylens::io {
namespace {

constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> special{};
  special[','] = special['"'] = special['\n'] = special['\r'] = true;
  return special;
}();

int no_blanks(unsigned char) {
  return 0;
}

}  // namespace

/// libcsv, and what it found: the cells one behind the other, and where each ends.
struct CsvRecords::Quoted {
  csv_parser parser;
  std::string text;
  std::vector<std::size_t> ends;
  bool record_complete = false;

  Quoted() {
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    csv_set_space_func(&parser, no_blanks);
  }
  Quoted(const Quoted&) = delete;
  Quoted& operator=(const Quoted&) = delete;
  ~Quoted() { csv_free(&parser); }

  static void take_cell(void* cell, std::size_t size, void* self) noexcept {
    auto& quoted = *static_cast<Quoted*>(self);
    quoted.text.append(static_cast<const char*>(cell), size);
    quoted.ends.push_back(quoted.text.size());
  }
  static void take_record(int, void* self) noexcept { static_cast<Quoted*>(self)->record_complete = true; }
};

CsvRecords::CsvRecords(std::string_view text, std::string file)
    : text_(text), file_(std::move(file)), quoted_(std::make_unique<Quoted>()) {}

CsvRecords::~CsvRecords() = default;

bool CsvRecords::next() {
  while (offset_ < text_.size()) {
    line_ = next_line_;
    cells_.clear();
    if (!cut_plain_cells()) parse_quoted_cells();
    if (!(cells_.size() == 1 && cells_[0].empty())) return true;
  }
  return false;
}

// Cuts the record at offset_ at its commas and goes behind its line end. Stops at a cell that begins with a
// quotation mark, with offset_ there, and returns false.
bool CsvRecords::cut_plain_cells() {
  const std::size_t size = text_.size();
  const char* const data = text_.data();
  for (;;) {
    std::size_t end = offset_;
    while (end < size && !kSpecial[static_cast<unsigned char>(data[end])]) ++end;
    if (end < size && data[end] == '"') {
      if (end == offset_) return false;
      refuse(end);
    }
    cells_.emplace_back(data + offset_, end - offset_);
    offset_ = end + 1;
    if (end < size && data[end] == ',') continue;
    if (end + 1 < size && data[end] == '\r' && data[end + 1] == '\n') ++offset_;
    ++next_line_;
    return true;
  }
}

void CsvRecords::parse_quoted_cells() {
  Quoted& quoted = *quoted_;
  quoted.text.clear();
  quoted.ends.clear();
  quoted.record_complete = false;
  while (!quoted.record_complete && offset_ < text_.size()) {
    const std::size_t end = line_end();
    const std::size_t size = end - offset_;
    const std::size_t done = csv_parse(&quoted.parser, text_.data() + offset_, size, Quoted::take_cell,
                                       Quoted::take_record, &quoted);
    if (csv_error(&quoted.parser) == CSV_ENOMEM) throw std::bad_alloc();
    if (done != size) refuse(offset_ + done);
    offset_ = end;
    ++next_line_;
  }
  if (!quoted.record_complete &&
      csv_fini(&quoted.parser, Quoted::take_cell, Quoted::take_record, &quoted) != 0) {
    throw Error::bad_input({file_, line_, {}}, "a cell begins with a quotation mark that is never closed");
  }
  std::size_t begin = 0;
  for (const std::size_t end : quoted.ends) {
    cells_.emplace_back(quoted.text.data() + begin, end - begin);
    begin = end;
  }
}

std::size_t CsvRecords::line_end() const {
  std::size_t end = offset_;
  while (end < text_.size() && text_[end] != '\n' && text_[end] != '\r') ++end;
  if (end == text_.size()) return end;
  return text_.substr(end, 2) == "\r\n" ? end + 2 : end + 1;
}

void CsvRecords::refuse(std::size_t offset) const {
  throw Error::bad_input({file_, next_line_, {}},
                         text_[offset] == '"' ? "a quotation mark inside a cell that does not begin with one"
                                              : "text between a closing quotation mark and the next comma");
}

}  // namespace energylens::io
