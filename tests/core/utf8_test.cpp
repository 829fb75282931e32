// SPDX-License-Identifier: Apache-2.0
#include "core/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace energylens {
namespace {

TEST(Utf8, KnowsTheLengthOfEachCharacter) {
  EXPECT_EQ(utf8_character_length("a"), 1u);
  EXPECT_EQ(utf8_character_length("\u00e9x"), 2u);
  EXPECT_EQ(utf8_character_length("\u20ac"), 3u);
  EXPECT_EQ(utf8_character_length("\U0001F50B"), 4u);
  EXPECT_EQ(utf8_character_length(std::string_view("\0", 1)), 1u);
  EXPECT_EQ(utf8_character_length(""), 0u);
}

TEST(Utf8, RefusesWhatIsNoCharacter) {
  for (const char* bytes :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x94", "\xc3("}) {
    EXPECT_EQ(utf8_character_length(bytes), 0u);
  }
}

/// The character of a code point by the definition of RFC 3629.
std::string encoded(unsigned code) {
  const auto byte = [](unsigned value) { return static_cast<char>(value); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | code >> 6), byte(0x80 | (code & 63))};
  if (code < 0x10000)
    return {byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 63)), byte(0x80 | (code & 63))};
  return {byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 63)), byte(0x80 | (code >> 6 & 63)),
          byte(0x80 | (code & 63))};
}

TEST(Utf8, AcceptsEveryCodePointButSurrogates) {
  for (unsigned code = 0; code <= 0x10FFFF; ++code) {
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    const std::string text = encoded(code);
    if (utf8_character_length(text) != (surrogate ? 0 : text.size())) FAIL() << code;
  }
}

TEST(Utf8, PrefixEndsBeforeTheFirstBrokenCharacter) {
  EXPECT_EQ(utf8_prefix_length("caf\u00e9"), 5u);
  EXPECT_EQ(utf8_prefix_length("caf\xe9!"), 3u);
  EXPECT_EQ(utf8_prefix_length(""), 0u);
  EXPECT_EQ(utf8_prefix_length("\u00e9\xc3"), 2u);
}

}  // namespace
}  // namespace energylens
