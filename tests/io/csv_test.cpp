// SPDX-License-Identifier: Apache-2.0
#include "io/csv.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "table/expect_error.hpp"

namespace energylens::io {
namespace {

using table::error_of;
using testing::ElementsAre;
using Record = std::vector<std::string>;

std::vector<Record> records_of(std::string_view text, std::vector<long>* lines = nullptr) {
  CsvRecords records(text, "t.csv");
  std::vector<Record> all;
  while (records.next()) {
    all.emplace_back(records.cells().begin(), records.cells().end());
    if (lines) lines->push_back(records.line());
  }
  return all;
}

std::string refusal(std::string_view text) {
  return error_of([&] { records_of(text); });
}

TEST(CsvRecords, CellsStandBetweenCommas) {
  EXPECT_THAT(records_of("a,b,c\n1,,3\n"), ElementsAre(Record{"a", "b", "c"}, Record{"1", "", "3"}));
  EXPECT_THAT(records_of("a, b\t,\n"), ElementsAre(Record{"a", " b\t", ""})) << "blanks belong to the cell";
  EXPECT_THAT(records_of(",,"), ElementsAre(Record{"", "", ""}));
}

TEST(CsvRecords, AnyLineEndAndNoneAtTheEnd) {
  for (const std::string_view text : {"a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n1,2"}) {
    EXPECT_THAT(records_of(text), ElementsAre(Record{"a", "b"}, Record{"1", "2"}));
  }
}

TEST(CsvRecords, QuotedCellsMayHoldAnything) {
  EXPECT_THAT(records_of("\"x,\"\"y\"\"\",2\n"), ElementsAre(Record{"x,\"y\"", "2"}));
  EXPECT_THAT(records_of("1,\"two\r\nlines\"\r\n3,4"),
              ElementsAre(Record{"1", "two\r\nlines"}, Record{"3", "4"}));
  EXPECT_THAT(records_of("1,\"\",\" \",4"), ElementsAre(Record{"1", "", " ", "4"}));
  EXPECT_THAT(records_of("\"a\",\n\"b\","), ElementsAre(Record{"a", ""}, Record{"b", ""}));
}

TEST(CsvRecords, LinesAreThoseOfTheFile) {
  std::vector<long> lines;
  records_of("a,b\n\n\"1\n\n\",2\r\n\r\n3,4\n", &lines);
  EXPECT_THAT(lines, ElementsAre(1, 3, 7));
}

TEST(CsvRecords, BlankLinesArePassedOver) {
  EXPECT_THAT(records_of("\n\na,b\n\r\n\n1,2\n\n"), ElementsAre(Record{"a", "b"}, Record{"1", "2"}));
  EXPECT_TRUE(records_of("\r\n\n").empty());
}

TEST(CsvRecords, StrayQuotationMarksAreRefusedWithTheirLine) {
  EXPECT_EQ(refusal("a,b\n1,x\"y\n"), "t.csv:2: a quotation mark inside a cell that does not begin with one");
  EXPECT_EQ(refusal("a,b\n\"1\",x\"y\n"),
            "t.csv:2: a quotation mark inside a cell that does not begin with one");
  EXPECT_EQ(refusal("a,b\n\"1\" ,2\n"), "t.csv:2: text between a closing quotation mark and the next comma");
  EXPECT_EQ(refusal("a,b\n\"1\n\"x,2\n"),
            "t.csv:3: text between a closing quotation mark and the next comma");
  EXPECT_EQ(refusal("a,b\n1,\"2\n3,4\n"),
            "t.csv:2: a cell begins with a quotation mark that is never closed");
}

RC_GTEST_PROP(CsvRecords, PlainAndQuotedCellsReadAlike, ()) {
  const auto cell = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab1.- \t;'")));
  const auto all =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<Record>>(rc::gen::container<Record>(3, cell)));
  std::string plain, quoted, mixed;
  for (const Record& record : all) {
    for (std::size_t i = 0; i < record.size(); ++i) {
      const std::string end = i + 1 < record.size() ? "," : "\n";
      const std::string in_quotes = '"' + record[i] + '"';
      plain += record[i] + end;
      quoted += in_quotes + end;
      mixed += (*rc::gen::arbitrary<bool>() ? in_quotes : record[i]) + end;
    }
  }
  RC_ASSERT(records_of(plain) == all);
  RC_ASSERT(records_of(quoted) == all);
  RC_ASSERT(records_of(mixed) == all);
}

}  // namespace
}  // namespace energylens::io
