// SPDX-License-Identifier: Apache-2.0
#include "io/csv_writer.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "energylens/core/number_text.hpp"
#include "io/csv.hpp"

namespace energylens::io {
namespace {

template <class... Cells>
std::string line(const Cells&... cells) {
  CsvWriter csv;
  csv.row(cells...);
  return std::move(csv).text();
}

TEST(CsvWriter, QuotesWhatIsNotOneCellAsItStands) {
  EXPECT_EQ(line("tp4pp2", ""), "tp4pp2,\n");
  EXPECT_EQ(line("a,b"), "\"a,b\"\n");
  EXPECT_EQ(line("say \"x\""), "\"say \"\"x\"\"\"\n");
  EXPECT_EQ(line("two\nlines", "one\r"), "\"two\nlines\",\"one\r\"\n");
}

TEST(CsvWriter, NumbersReadBackAndUnknownOnesAreBlank) {
  EXPECT_EQ(line(0.1, 1e300, kUnknown, 100000), "0.1,1e+300,,100000\n") << "a whole number in full";
}

TEST(CsvWriter, RowsAreOneAfterTheOther) {
  CsvWriter csv;
  csv.cell("a");
  csv.blank(2);
  csv.end_row();
  csv.blank();
  csv.cell(3.5);
  csv.end_row();
  EXPECT_EQ(csv.text(), "a,,\n,3.5\n");
}

RC_GTEST_PROP(CsvWriter, WhatIsWrittenIsRead, (const std::vector<std::string>& cells)) {
  CsvWriter csv;
  csv.cell("first");  // a row of one blank cell is a blank line
  for (const std::string& cell : cells) csv.cell(cell);
  csv.end_row();
  CsvRecords records(csv.text(), "written");
  RC_ASSERT(records.next());
  RC_ASSERT(records.cells().size() == cells.size() + 1);
  for (std::size_t i = 0; i < cells.size(); ++i) RC_ASSERT(records.cells()[i + 1] == cells[i]);
  RC_ASSERT(!records.next());
}

}  // namespace
}  // namespace energylens::io
