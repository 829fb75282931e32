// SPDX-License-Identifier: Apache-2.0
#include "importers/readers/json_texts.hpp"

#include <gmock/gmock.h>

#include "table/expect_error.hpp"

namespace energylens::importers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<io::Json> read(const std::string& text) {
  std::vector<std::string> warnings;
  return runs_in(text, "f.json", warnings);
}

TEST(JsonTexts, OneAfterTheOtherInAnyLayout) {
  for (const char* text :
       {R"({"a": 1}{"a": 2})", "{\"a\": 1}\n{\"a\": 2}\n", "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n",
        "[{\"a\": 1}, {\"a\": 2}]", "{\"a\": 1},\n{\"a\": 2}", "\n{\"a\": 1}\n\n\n{\"a\": 2}"}) {
    const std::vector<io::Json> runs = read(text);
    ASSERT_EQ(runs.size(), 2u) << text;
    EXPECT_EQ(runs[1].number("a"), 2);
  }
  EXPECT_EQ(read(R"({"a": "}{"})").size(), 1u) << "brackets in a string divide nothing";
  EXPECT_EQ(read(R"({"a": "\"}{"} {"a": "\\"})").size(), 2u);
  EXPECT_EQ(read("[]").size(), 0u);
}

TEST(JsonTexts, WhatIsNoneIsRefusedWithItsLine) {
  const auto refusal = [](const std::string& text) { return table::error_of([&] { read(text); }); };
  EXPECT_THAT(refusal("{\n  \"a\": 1\n}\n{\n  \"a\": oops\n}\n"), testing::StartsWith("f.json:5:"));
  EXPECT_THAT(refusal("{\"a\": 1}\n{\"a\": "), testing::StartsWith("f.json:2:"));
  EXPECT_THAT(refusal("{\"a\": 1} and more"), testing::StartsWith("f.json:1:"));
  EXPECT_THAT(refusal(""), testing::StartsWith("f.json:"));
}

TEST(JsonTexts, NumbersThatJsonCannotWriteAreUnknown) {
  std::vector<std::string> warnings;
  const std::vector<io::Json> runs =
      runs_in(R"({"a": NaN, "b": [Infinity, -Infinity], "c": "NaN", "NaN": 1})", "f.json", warnings);
  EXPECT_TRUE(runs.at(0).at("a").is_null());
  EXPECT_TRUE(runs.at(0).at("b").items().at(1).is_null());
  EXPECT_EQ(runs.at(0).text("c"), "NaN");
  EXPECT_EQ(runs.at(0).number("NaN"), 1);
  EXPECT_THAT(warnings, ElementsAre("f.json: 3 values are NaN or infinite and read as unknown"));
  warnings.clear();
  json_in(R"({"a": 1})", "f.json", warnings);
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_THAT(table::error_of([] { read(R"({"a": NaNa})"); }), testing::StartsWith("f.json:1:"));
}

}  // namespace
}  // namespace energylens::importers
