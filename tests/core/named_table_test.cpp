// SPDX-License-Identifier: Apache-2.0
#include "core/named_table.hpp"

#include <gtest/gtest.h>

#include <array>

namespace energylens {
namespace {

struct Entry {
  std::string_view name;
  int value;
};
constexpr std::array<Entry, 3> kEntries = {{{"law", 1}, {"gp", 2}, {"forest", 3}}};
constexpr std::array<std::string_view, 2> kNames = {"batch", "layout"};

template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.message();
  }
  return "not refused";
}

TEST(FindNamed, IsTheEntryItself) {
  EXPECT_EQ(&find_named(kEntries, "gp", "predictor"), &kEntries[1]);
}

TEST(FindNamed, NamesTheNearOne) {
  EXPECT_EQ(refusal([] { find_named(kEntries, "lwa", "predictor"); }),
            "unknown predictor \"lwa\"; did you mean \"law\"?");
}

TEST(FindNamed, ElseListsTheNames) {
  EXPECT_EQ(refusal([] { find_named(kEntries, "zzz", "predictor"); }),
            "unknown predictor \"zzz\"; available: law, gp, forest");
}

TEST(ChooseNamed, IsThePosition) {
  EXPECT_EQ(choose_named(kNames, "layout", "axis"), 1u);
  EXPECT_EQ(refusal([] { choose_named(kNames, "bacth", "axis"); }),
            "unknown axis \"bacth\"; did you mean \"batch\"?");
  EXPECT_EQ(refusal([] { choose_named(kNames, "a\nb", "axis"); }),
            "unknown axis \"a?b\"; available: batch, layout");
}

TEST(UnknownName, ListsTheFirstOfMany) {
  const std::vector<std::string_view> many(33, "law");
  const std::string text = unknown_name("predictor", "zzz", many);
  EXPECT_TRUE(text.ends_with("law and 3 more")) << text;
  EXPECT_EQ(unknown_name("predictor", "zzz", {}), "unknown predictor \"zzz\"");
}

}  // namespace
}  // namespace energylens
