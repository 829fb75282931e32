// SPDX-License-Identifier: Apache-2.0
#include "energylens/io/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace energylens::io {
namespace {

using testing::ElementsAre;

std::string refusal(std::string_view text) {
  try {
    parse_json(text, "f.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    return error.what();
  }
  return "accepted";
}

template <typename Read>
std::string refusal_of(Read read) {
  try {
    read();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Json, KeepsTheOrderOfMembers) {
  Json json = Json::object({{"z", 1}, {"a", "text"}});
  json["m"] = true;
  EXPECT_EQ(print_json(json, 0), R"({"z":1,"a":"text","m":true})");
}

TEST(Json, PrintsIndentedWithPlainListsOnOneLine) {
  const Json json = Json::object({{"list", Json::array({1, 2.5, kUnknown})},
                                  {"empty", Json::array()},
                                  {"none", Json::object()},
                                  {"rows", Json::array({Json::object({{"a", 1}})})}});
  EXPECT_EQ(print_json(json), R"({
  "list": [1, 2.5, null],
  "empty": [],
  "none": {},
  "rows": [
    {
      "a": 1
    }
  ]
})");
}

TEST(Json, BuildsListsAndObjectsByFirstUse) {
  Json json;
  json["rows"].push_back("one");
  json["rows"].push_back(2);
  json["rows"].push_back(nullptr);
  EXPECT_EQ(json, parse_json(R"({"rows": ["one", 2, null]})", "-"));
  const std::vector<double> numbers = {0.5, 1};
  EXPECT_EQ(print_json(Json::array_of(numbers)), "[0.5, 1]");
  const std::vector<std::string> texts = {"a", "b"};
  EXPECT_EQ(print_json(Json::array_of(texts)), R"(["a", "b"])");
}

TEST(Json, PrintsUnknownAndInfiniteNumbersAsNull) {
  EXPECT_EQ(print_json(kUnknown), "null");
  EXPECT_EQ(print_json(std::numeric_limits<double>::infinity()), "null");
}

TEST(Json, PrintsNumbersExactly) {
  EXPECT_EQ(print_json(0.1), "0.1");
  EXPECT_EQ(print_json(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(print_json(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_TRUE(std::signbit(parse_json(print_json(-0.0), "-").as_number()));
}

TEST(Json, EscapesControlCharactersAndReplacesWhatIsNotUtf8) {
  EXPECT_EQ(print_json("a\"\\\n\x01\x7f\u00e9"), "\"a\\\"\\\\\\n\\u0001\x7f\u00e9\"");
  EXPECT_EQ(print_json("\xff\xc3"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(print_json("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");  // a surrogate
}

TEST(Json, IntegersEqualDoublesOfTheSameValueOnly) {
  EXPECT_EQ(Json(3), Json(3.0));
  EXPECT_NE(Json(3), Json(3.5));
  EXPECT_EQ(Json(kUnknown), Json(kUnknown));
  EXPECT_NE(Json(kUnknown), Json(nullptr));
  const std::int64_t beyond = (std::int64_t{1} << 53) + 1;
  EXPECT_NE(Json(beyond), Json(static_cast<double>(beyond)));
  EXPECT_EQ(Json(std::uint64_t{1} << 63), Json(0x1p63));
  EXPECT_NE(Json(1), Json(true));
}

TEST(Json, ReadsMembersByKind) {
  const Json json =
      parse_json(R"({"n": 2, "x": 0.5, "t": "text", "b": false, "o": null, "l": [1, null]})", "-");
  EXPECT_EQ(json.integer("n"), 2);
  EXPECT_EQ(json.unsigned_integer("n"), 2u);
  EXPECT_EQ(json.number("n"), 2);
  EXPECT_EQ(json.number_or_unknown("x"), 0.5);
  EXPECT_FALSE(known(json.number_or_unknown("o")));
  EXPECT_FALSE(known(json.number_or_unknown("absent")));
  EXPECT_EQ(json.text("t"), "text");
  EXPECT_EQ(json.text_or("o", "else"), "else");
  EXPECT_FALSE(json.boolean("b"));
  EXPECT_EQ(json.array_at("l").size(), 2u);
  EXPECT_FALSE(known(json.at("l").as_numbers()[1]));
  EXPECT_EQ(json.find("absent"), nullptr);
}

TEST(Json, AcceptsWholeDoublesAsIntegersWithinTheirRange) {
  EXPECT_EQ(Json(3.0).as_integer(), 3);
  EXPECT_EQ(Json(-0x1p63).as_integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_THROW(Json(0x1p63).as_integer(), Error);
  EXPECT_EQ(Json(0x1p63).as_unsigned(), std::uint64_t{1} << 63);
  EXPECT_THROW(Json(0x1p64).as_unsigned(), Error);
  EXPECT_THROW(Json(-1).as_unsigned(), Error);
  EXPECT_THROW(Json(2.5).as_integer(), Error);
  EXPECT_THROW(Json(std::numeric_limits<std::uint64_t>::max()).as_integer(), Error);
}

TEST(Json, RefusalsNameMemberAndPlace) {
  const Json json =
      parse_json("{\n  \"law\": {\"seed\": \"7\"},\n  \"list\": [1,\n \"x\"], \"n\": 2.5}", "m.json");
  EXPECT_EQ(refusal_of([&] { json.at("formula"); }), "m.json:1:1: \"formula\" is missing");
  EXPECT_EQ(refusal_of([&] { json.at("law").number("seed"); }),
            "m.json:2:19: \"seed\" is a string, not a number");
  EXPECT_EQ(refusal_of([&] { json.at("list").as_numbers(); }), "m.json:4:2: this is a string, not a number");
  EXPECT_EQ(refusal_of([&] { json.integer("n"); }),
            "m.json:4:13: \"n\" is 2.5, not a whole number of 64 bits");
  EXPECT_EQ(refusal_of([&] { json.array_at("law"); }), "m.json:2:10: \"law\" is an object, not an array");
  EXPECT_EQ(refusal_of([&] { json.at("list").number("x"); }), "m.json:3:11: this is an array, not an object");
  EXPECT_EQ(refusal_of([&] { Json::object().text("name"); }), "\"name\" is missing");
  EXPECT_EQ(json.at("n").error("is too large").what(), std::string("m.json:4:13: is too large"));
}

TEST(Json, RefusesUnknownMembersNamingTheNearOne) {
  const Json json = parse_json(R"({"memory_byte": 1})", "c.json");
  constexpr std::string_view kNames[] = {"name", "memory_bytes"};
  EXPECT_EQ(refusal_of([&] { json.allow_only(kNames); }),
            "c.json:1:17: unknown key \"memory_byte\"; did you mean \"memory_bytes\"?");
  EXPECT_NO_THROW(Json::object({{"name", 1}}).allow_only(kNames));
}

TEST(ParseJson, KnowsThePlaceOfEveryValue) {
  const Json json = parse_json("\xEF\xBB\xBF{\"a\": 12,\r\n\t\"b\":[10\n,20 ,\"\\u00e9\\n\",{}]}", "-");
  const auto place = [](const Json& value) { return std::pair(value.place().line, value.place().column); };
  EXPECT_EQ(place(json.at("a")), std::pair(1L, std::string("10")));
  const auto& items = json.array_at("b");
  EXPECT_EQ(place(items[0]), std::pair(2L, std::string("7")));
  EXPECT_EQ(place(items[1]), std::pair(3L, std::string("2")));
  EXPECT_EQ(place(items[2]), std::pair(3L, std::string("6")));
  EXPECT_EQ(place(items[3]), std::pair(3L, std::string("17")));
  EXPECT_EQ(parse_json(" 7", "-").place().column, "2");
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  EXPECT_EQ(refusal(""), "f.json: is empty, not JSON");
  EXPECT_EQ(refusal(" \n"), "f.json: is empty, not JSON");
  EXPECT_EQ(refusal("{\"a\": 1,\n \"b\" 2}"),
            "f.json:2:6: not JSON: unexpected number literal; expected ':'");
  EXPECT_EQ(refusal("[1,]"), "f.json:1:4: not JSON: unexpected ']'; expected '[', '{', or a literal");
  EXPECT_EQ(refusal("[1] 2"), "f.json:1:5: not JSON: unexpected number literal; expected end of input");
  EXPECT_THAT(refusal("[NaN]"), testing::StartsWith("f.json:1:2: not JSON: invalid literal"));
  EXPECT_THAT(refusal("[\"a\nb\"]"), testing::HasSubstr("not JSON: invalid string: control character"));
  EXPECT_THAT(refusal("[\"\xff\"]"),
              testing::StartsWith("f.json:1:3: not JSON: invalid string: ill-formed UTF-8"));
}

TEST(ParseJson, SaysWhenTheTextIsTruncated) {
  const std::string whole = "{\"list\": [1.5, -2e3, true, null],\n \"text\": \"a\\u00e9b\"}";
  ASSERT_NO_THROW(parse_json(whole, "-"));
  for (std::size_t length = 1; length < whole.size(); ++length) {
    EXPECT_THAT(refusal(whole.substr(0, length)), testing::HasSubstr("the text is truncated")) << length;
  }
}

TEST(ParseJson, RefusesRepeatedNames) {
  EXPECT_EQ(refusal("{\"a\": 1,\n\"b\": {\"a\": 2}, \"a\": 3}"),
            "f.json:2:16: \"a\" occurs twice in one object");
}

TEST(ParseJson, RefusesNumbersTooLargeForADouble) {
  EXPECT_THAT(refusal("[1,\n1e999]"), testing::StartsWith("f.json:2:"));
  EXPECT_EQ(parse_json("123456789012345678901234567890", "-").as_number(), 123456789012345678901234567890.0);
}

TEST(ParseJson, LimitsTheDepth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_NO_THROW(parse_json(nested(kMaxJsonDepth), "-"));
  EXPECT_EQ(refusal(nested(kMaxJsonDepth + 1)), "f.json:1:201: JSON nested deeper than 200 levels");
  EXPECT_EQ(refusal(std::string(100000, '[')), "f.json:1:201: JSON nested deeper than 200 levels");
}

TEST(ParseJson, AcceptsAMegabyteObjectQuickly) {
  std::string text = "{";
  for (int i = 0; i < 50000; ++i)
    text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":" + std::to_string(i);
  EXPECT_EQ(parse_json(text + "}", "-").members().size(), 50000u);
}

}  // namespace
}  // namespace energylens::io
