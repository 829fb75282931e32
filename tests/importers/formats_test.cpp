// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "energylens/importers/import.hpp"
#include "table/expect_error.hpp"

namespace energylens::importers {
namespace {

TEST(Formats, AreFoundByNameAndANearOneIsOffered) {
  for (const Format& format : formats()) EXPECT_EQ(find_format(format.name).name, format.name);
  EXPECT_EQ(table::error_of([] { find_format("mlenrgy"); }),
            "unknown format \"mlenrgy\"; did you mean \"mlenergy\"?");
  EXPECT_THAT(table::error_of([] { find_format("parquet"); }),
              testing::StartsWith("unknown format \"parquet\"; available: mlenergy, "));
}

TEST(Formats, RefuseAFileThatIsNotThere) {
  for (const Format& format : formats()) {
    Request request;
    request.files = {"/nowhere/x"};
    EXPECT_EQ(table::error_of([&] { format.import(request); }),
              "/nowhere/x: cannot read: No such file or directory");
  }
}

TEST(Formats, EveryFormatHasSignsAndDocumentsItsFields) {
  for (const Format& format : formats()) {
    EXPECT_FALSE(format.signatures.empty()) << format.name;
    ASSERT_NE(format.fields, nullptr) << format.name;
    bool reads = false;
    for (const FieldInfo& field : format.fields()) {
      reads = reads || field.use == FieldUse::read;
      EXPECT_TRUE(!field.field.empty() || field.use == FieldUse::derived) << format.name;
      EXPECT_TRUE(field.use == FieldUse::refused || !field.column.empty() || !field.meaning.empty())
          << format.name << ": " << field.field;
    }
    EXPECT_TRUE(reads) << format.name;
  }
}

}  // namespace
}  // namespace energylens::importers
