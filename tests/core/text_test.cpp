// SPDX-License-Identifier: Apache-2.0
#include "core/text.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace energylens {
namespace {

TEST(Plural, OnlyOneIsSingular) {
  EXPECT_EQ(plural(0, "row"), "0 rows");
  EXPECT_EQ(plural(1, "row"), "1 row");
  EXPECT_EQ(plural(12, "scenario"), "12 scenarios");
  EXPECT_EQ(plural(1, "query", "queries"), "1 query");
  EXPECT_EQ(plural(2, "query", "queries"), "2 queries");
}

TEST(Join, SeparatesTexts) {
  EXPECT_EQ(join(std::vector<std::string>{}), "");
  EXPECT_EQ(join(std::vector<std::string>{"a"}), "a");
  EXPECT_EQ(join(std::vector<std::string>{"", "b"}), ", b");
  EXPECT_EQ(join(std::vector<std::string_view>{"a", "b", "c"}, "; "), "a; b; c");
}

TEST(LowerCase, ChangesAsciiLettersOnly) {
  EXPECT_EQ(lower_case("Llama-3 AZ[\u00C9"), "llama-3 az[\u00C9");
}

TEST(Shown, StaysOnOneLineAndShort) {
  EXPECT_EQ(shown("tp4"), "tp4");
  EXPECT_EQ(shown("a\r\nb\x7F"), "a??b?");
  EXPECT_EQ(shown(std::string(60, 'x')), std::string(60, 'x'));
  EXPECT_EQ(shown(std::string(61, 'x')), std::string(60, 'x') + "...");
  const std::string before(59, 'x');
  EXPECT_EQ(shown(before + "\u00E9"), before + "...") << "no half of a character";
}

TEST(Quote, ShowsTheTextInQuotationMarks) {
  EXPECT_EQ(quote("a\tb"), "\"a?b\"");
}

TEST(WithoutControls, KeepsLinesAndTabsAlone) {
  EXPECT_EQ(without_controls("a\x1b[31mb\x07\r\x7f\nc\td"), "a?[31mb???\nc\td");
  EXPECT_EQ(without_controls("\xC2\x9b"
                             "31m \xC2\xA0 \xC3\xA9"),
            "?31m \xC2\xA0 \xC3\xA9");
  EXPECT_EQ(without_controls(std::string("a\0b", 3)), "a?b");
}

}  // namespace
}  // namespace energylens
