// SPDX-License-Identifier: Apache-2.0
#include "meter/log_records.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "table/expect_error.hpp"

namespace energylens::meter {
namespace {

std::vector<std::string> cells_of(const std::string& text, std::string_view name, bool* cut_off = nullptr) {
  LogRecords records(text, "log.csv");
  std::vector<std::string> cells;
  while (records.next()) {
    const auto found = std::ranges::find(records.names(), name);
    if (found == records.names().end()) return {"no such column"};
    cells.emplace_back(records.cell(static_cast<std::size_t>(found - records.names().begin())));
  }
  if (cut_off) *cut_off = records.cut_off();
  return cells;
}
using Cells = std::vector<std::string>;

TEST(LogRecords, AHeaderThatComesAgainHasItsOwnColumns) {
  EXPECT_EQ(cells_of("timestamp, a, b\n1, 2, 3\ntimestamp, b, a\n4, 5, 6\n", "b"), Cells({"3", "5"}));
  EXPECT_EQ(cells_of("timestamp, a, b\n1, 2, 3\ntimestamp, a\n4, 5\n", "a"), Cells({"2", "5"}))
      << "fewer columns";
  EXPECT_EQ(cells_of("timestamp, b\n1, 3\nb, c, timestamp\n5, 6, 7\n", "b"), Cells({"3", "5"}))
      << "more columns";
}

TEST(LogRecords, ALastNumberThatIsCutIsNotRead) {
  for (const auto& [above, last, whole] :
       std::initializer_list<std::tuple<std::string, std::string, bool>>{{"310.00 W", "31", false},
                                                                         {"310.00 W", "311.00", false},
                                                                         {"310.00 W", "311.00 W", true},
                                                                         {"310.00", "31", false},
                                                                         {"310.00", "311.0", false},
                                                                         {"310.00", "311.00", true},
                                                                         {"310", "31", false},
                                                                         {"98 %", "9", false},
                                                                         {"98 %", "9 %", true},
                                                                         {"310.00 W", "[N/A]", true},
                                                                         {"310.00 W", "[N/", false},
                                                                         {"node1", "node1", true},
                                                                         {"node1", "no", false}}) {
    bool cut_off = false;
    const Cells cells = cells_of("timestamp, b\n1, " + above + "\n2, " + last, "b", &cut_off);
    EXPECT_EQ(cells, whole ? Cells({above, last}) : Cells({above})) << last;
    EXPECT_EQ(cut_off, !whole) << last;
    EXPECT_EQ(cells_of("timestamp, b\n1, " + above + "\n2, " + last + "\n", "b").size(), 2u)
        << "its line has an end";
  }
}

TEST(LogRecords, DecimalCommasTabsAndSemicolonsAreNamed) {
  const auto refusal = [](const std::string& text) { return table::error_of([&] { cells_of(text, "b"); }); };
  EXPECT_EQ(
      refusal("timestamp, b\n2024/03/31 16:48:55.963, 24,51 W\n"),
      "log.csv:2: 3 cells, but the header has 2; \"24,51 W\" looks like a decimal comma: write points in numbers "
      "(LC_ALL=C)");
  EXPECT_EQ(
      refusal("timestamp, b\n16:48:55,963, 24.51 W\n"),
      "log.csv:2: 3 cells, but the header has 2; \"16:48:55,963\" looks like a decimal comma: write points in "
      "numbers (LC_ALL=C)");
  EXPECT_EQ(refusal("timestamp, b\n1, 24.51 W, idle\n"), "log.csv:2: 3 cells, but the header has 2");
  EXPECT_EQ(refusal("timestamp\tb\n1\t2\n"),
            "log.csv:1: cells are separated by tabs; use commas, and points in numbers");
  EXPECT_EQ(refusal("timestamp; b\n1; 2\n"),
            "log.csv:1: cells are separated by semicolons; use commas, and points in numbers");
}

}  // namespace
}  // namespace energylens::meter
