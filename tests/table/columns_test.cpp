// SPDX-License-Identifier: Apache-2.0
#include "energylens/table/columns.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace energylens::table {
namespace {

TEST(Columns, EveryColumnIsFoundByItsName) {
  std::set<std::string_view> names;
  for (const ColumnInfo& column : columns()) {
    EXPECT_EQ(find_column(column.name), column.column);
    EXPECT_EQ(info(column.column).name, column.name);
    EXPECT_TRUE(names.insert(column.name).second) << column.name;
    EXPECT_TRUE(column.meaning.ends_with('.')) << column.name;
  }
  EXPECT_EQ(names.size(), kColumns);
  EXPECT_FALSE(find_column("peak_power_w"));
  EXPECT_FALSE(find_column("Batch"));
}

TEST(Columns, NamesEndInTheirUnits) {
  const std::map<std::string_view, std::string_view> endings = {{"J", "_j"}, {"W", "_w"}, {"s", "_s"}};
  for (const ColumnInfo& column : columns()) {
    const auto ending = endings.find(column.unit);
    EXPECT_TRUE(ending == endings.end() || column.name.ends_with(ending->second)) << column.name;
  }
}

TEST(Columns, OnlyClosedVocabulariesListWords) {
  EXPECT_EQ(allowed_words(Column::row_kind).size(), 2u);
  EXPECT_EQ(allowed_words(Column::role).size(), 3u);
  EXPECT_TRUE(allowed_words(Column::model).empty());
}

}  // namespace
}  // namespace energylens::table
