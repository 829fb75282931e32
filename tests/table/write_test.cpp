// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "energylens/core/number_text.hpp"
#include "energylens/io/json.hpp"
#include "energylens/table/group.hpp"
#include "energylens/table/table.hpp"

namespace energylens::table {
namespace {

TEST(ToCsv, KnownColumnsFirstThenUnknownOnes) {
  const Table table =
      parse_csv("mine,total_energy_j,batch,model\n\"a,\"\"b\",1e4,,\"x\ny\"\n,,2,M\n", "t.csv");
  EXPECT_EQ(to_csv(table), "model,batch,total_energy_j,mine\n\"x\ny\",,10000,\"a,\"\"b\"\nM,2,,\n");
}

TEST(ToJson, BlanksAreNull) {
  const Table table =
      parse_csv("batch,total_energy_j,model,mine\n1,,M,\n2.5,10,,\"say \"\"x\"\"\"\n", "t.csv");
  const io::Json rows = io::parse_json(to_json(table), "out");
  ASSERT_EQ(rows.items().size(), 2u);
  EXPECT_EQ(rows.items()[0],
            io::Json::object({{"model", "M"}, {"batch", 1}, {"total_energy_j", nullptr}, {"mine", nullptr}}));
  EXPECT_EQ(
      rows.items()[1],
      io::Json::object({{"model", nullptr}, {"batch", 2.5}, {"total_energy_j", 10}, {"mine", "say \"x\""}}));
  EXPECT_EQ(to_json(parse_csv("batch,tpot_s", "t.csv")), "[]\n");
}

/// A table of random shape: numbers of every size, and texts that need quoting.
Table random_table() {
  const auto text = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab \",\r\n\tZ9'")));
  const auto number = rc::gen::map(rc::gen::arbitrary<std::uint32_t>(), [](std::uint32_t x) {
    return number_text((x + 1.0) / ((x % 1000) * 1e-3 + 1));
  });
  const auto cell = [](const std::string& raw) {
    std::string quoted = "\"";
    for (const char c : raw) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
  };
  std::string csv = "model,batch,tp,energy_per_request_j,tpot_s,mine,notes\n";
  const auto rows = *rc::gen::inRange(0, 20);
  for (int row = 0; row < rows; ++row) {
    const auto maybe = [&](const std::string& value) {
      return *rc::gen::arbitrary<bool>() ? value : std::string();
    };
    csv += cell(*text) + ',' + maybe(*number) + ',' + maybe(std::to_string(*rc::gen::inRange(1, 9))) + ',' +
           maybe(*number) + ',' + maybe(*number) + ',' + cell(*text) + ',' + cell(*text) + '\n';
  }
  return parse_csv(csv, "t.csv");
}

/// Cell by cell, blanks equal to blanks.
bool equal_cells(const Table& a, const Table& b) {
  bool equal = a.rows() == b.rows() && a.unknown_columns().size() == b.unknown_columns().size();
  for (std::size_t row = 0; equal && row < a.rows(); ++row) {
    for (const ColumnInfo& column : columns()) {
      equal = equal && a.has(column.column) == b.has(column.column);
      if (!equal || !a.has(column.column)) continue;
      if (column.type == ColumnType::text) {
        equal = a.text(column.column, row) == b.text(column.column, row);
      } else {
        const double x = a.numbers(column.column)[row], y = b.numbers(column.column)[row];
        equal = x == y || (!known(x) && !known(y));
      }
    }
    for (std::size_t i = 0; i < a.unknown_columns().size(); ++i) {
      equal = equal && a.unknown_columns()[i].name == b.unknown_columns()[i].name &&
              a.unknown_columns()[i][row] == b.unknown_columns()[i][row];
    }
  }
  return equal;
}

RC_GTEST_PROP(ToCsv, WritingAndReadingAreInverse, ()) {
  const Table table = random_table();
  RC_ASSERT(equal_cells(parse_csv(to_csv(table), "written"), table));
}

RC_GTEST_PROP(ToJson, HoldsEveryCell, ()) {
  const Table table = random_table();
  const io::Json rows = io::parse_json(to_json(table), "written");
  RC_ASSERT(rows.items().size() == table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const io::Json& object = rows.items()[row];
    RC_ASSERT(object.text_or("model", "") == table.text(Column::model, row));
    RC_ASSERT(object.text_or("mine", "") == table.unknown_columns()[0][row]);
    const double batch = table.numbers(Column::batch)[row];
    const double read = object.number_or_unknown("batch");
    RC_ASSERT(read == batch || (!known(read) && !known(batch)));
  }
}

TEST(TableTemplate, IsATableOfSimulatedRowsOfBothKinds) {
  const Table table = parse_csv(table_template(), "template");
  EXPECT_EQ(table.rows(), 2u);
  EXPECT_TRUE(table.unknown_columns().empty());
  std::vector<std::string> warnings;
  const std::vector<Group> all = groups(table, &warnings);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(warnings.empty());
  EXPECT_TRUE(all[0].identity.simulated);
  ASSERT_EQ(all[0].rows.size(), 2u);
  EXPECT_TRUE(known(all[0].rows[0].scenario_energy_j()) && known(all[0].rows[0].scenario_time_s()));
  EXPECT_TRUE(known(all[0].rows[1].scenario_energy_j()) && known(all[0].rows[1].scenario_time_s()));
}

}  // namespace
}  // namespace energylens::table
