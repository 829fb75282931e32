// SPDX-License-Identifier: Apache-2.0
#include "table/row_writer.hpp"

#include <gmock/gmock.h>

#include <array>

#include "energylens/core/number_text.hpp"
#include "table/expect_error.hpp"

namespace energylens::table {
namespace {

using testing::HasSubstr;

RowCells measured() {
  RowCells row;
  row.set(Column::batch, 8);
  row.set(Column::model, "A, big");
  row.set(Column::total_energy_j, 1200.5);
  return row;
}

TEST(RowCells, UnknownNumbersAndBlankTextsAreLeftOut) {
  RowCells row;
  row.set(Column::batch, kUnknown);
  row.set(Column::model, "");
  row.set("rack", "");
  EXPECT_TRUE(row.cells().empty());
  EXPECT_TRUE(row.others().empty());
  EXPECT_FALSE(known(row.number(Column::batch)));
  EXPECT_EQ(row.text("model"), "");
}

TEST(RowCells, ACellIsReplacedOrMadeBlank) {
  RowCells row = measured();
  row.set(Column::batch, 16);
  row.set("rack", "1");
  row.set("rack", "2");
  EXPECT_EQ(row.number(Column::batch), 16);
  EXPECT_EQ(row.text("rack"), "2");
  EXPECT_EQ(row.cells().size(), 3u);
  row.set(Column::batch, kUnknown);
  EXPECT_EQ(row.text("batch"), "");
}

TEST(RowCells, ParsedTextsAreNumbersWhereTheColumnIs) {
  RowCells row;
  row.set_parsed(Column::batch, "8.0");
  row.set_parsed(Column::isl, "many");
  row.set_parsed(Column::model, "8.0");
  EXPECT_EQ(row.number(Column::batch), 8);
  EXPECT_EQ(row.find(Column::isl), nullptr);
  EXPECT_EQ(row.text("model"), "8.0");
}

TEST(RowWriter, ColumnsAreInOurOrderThenInTheirs) {
  RowWriter rows;
  RowCells row = measured();
  row.set("rack", "7");
  rows.add(row);
  rows.add(measured());
  EXPECT_EQ(rows.csv(), "model,batch,total_energy_j,rack\n\"A, big\",8,1200.5,7\n\"A, big\",8,1200.5,\n");
}

TEST(RowWriter, DeclaredColumnsAreWrittenThoughBlank) {
  constexpr std::array kAlways = {Column::batch, Column::total_energy_j};
  EXPECT_EQ(RowWriter(kAlways).csv(), "batch,total_energy_j\n");
  RowWriter rows;
  rows.begin_row();
  rows.set("batch", 4);
  rows.set("quant", "");
  rows.set("rack", "");
  rows.set("tpot_s", 0.25);
  EXPECT_EQ(rows.csv(), "quant,batch,tpot_s,rack\n,4,0.25,\n");
}

TEST(RowWriter, SetsAColumnInEveryRow) {
  RowWriter rows;
  rows.add(measured());
  rows.add(measured());
  rows.set_all("gpu", "H100");
  EXPECT_EQ(rows.read("made").text(Column::gpu, 1), "H100");
}

TEST(RowWriter, TheTableReadsWhatItWrites) {
  RowWriter rows;
  rows.add(measured());
  const Table table = rows.read("made");
  EXPECT_EQ(table.rows(), 1u);
  EXPECT_EQ(table.text(Column::model, 0), "A, big");
  EXPECT_EQ(table.numbers(Column::total_energy_j)[0], 1200.5);
  EXPECT_EQ(table.file(0), "made");
  EXPECT_EQ(rows.problem(), "");
}

TEST(RowWriter, RowsThatTheTableRefusesAreRefused) {
  RowWriter rows;
  RowCells row = measured();
  row.set(Column::isl, std::string_view("many"));
  rows.add(row);
  EXPECT_THAT(rows.problem(), HasSubstr("isl: \"many\" is not a number"));
  EXPECT_THAT(error_of([&] { rows.read("made"); }), HasSubstr("made:2:isl: \"many\" is not a number"));
}

}  // namespace
}  // namespace energylens::table
