// SPDX-License-Identifier: Apache-2.0
// Held by prompts_test.cpp.
#include "energylens/load/prompts.hpp"

#include <array>
#include <filesystem>
#include <string_view>

#include "energylens/core/error.hpp"
#include "energylens/core/file.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::load {
namespace {

constexpr int kFirstToken = 100;  // those below are often special
constexpr std::size_t kMostImageBytes = 8u << 20;
constexpr std::array<std::string_view, 64> kWords = {
    "time",  "year",   "people", "way",     "day",     "man",     "thing",    "woman",    "life",   "child",
    "world", "school", "state",  "family",  "student", "group",   "country",  "problem",  "hand",   "part",
    "place", "case",   "week",   "company", "system",  "program", "question", "work",     "number", "night",
    "point", "home",   "water",  "room",    "mother",  "area",    "money",    "story",    "fact",   "month",
    "lot",   "right",  "study",  "book",    "eye",     "job",     "word",     "business", "issue",  "side",
    "kind",  "head",   "house",  "service", "friend",  "father",  "power",    "hour",     "game",   "line",
    "end",   "member", "law",    "car"};

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      text += i + j > bytes.size() ? '=' : kDigits[group >> (18 - 6 * j) & 63];
  }
  return text;
}

std::string_view kind_of(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG")) return "png";
  if (bytes.starts_with("\xFF\xD8\xFF")) return "jpeg";
  if (bytes.starts_with("GIF8")) return "gif";
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return "webp";
  return "";
}

}  // namespace

std::vector<int> random_tokens(std::uint64_t seed, int count, int vocabulary) {
  Rng rng(splitmix64(seed));
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i)
    tokens.push_back(kFirstToken +
                     static_cast<int>(rng.below(static_cast<std::size_t>(vocabulary - kFirstToken))));
  return tokens;
}

std::string random_words(std::uint64_t seed, int count) {
  Rng rng(splitmix64(seed));
  std::string text;
  for (int i = 0; i < count; ++i) text += (i == 0 ? "" : " ") + std::string(kWords[rng.below(kWords.size())]);
  return text;
}

std::string image_url(const std::string& file) {
  std::error_code error;
  if (std::filesystem::file_size(file, error) > kMostImageBytes && !error)
    throw Error::bad_input({file, 0, ""}, "an image of more than 8 MiB");
  const std::string bytes = read_file(file);
  const std::string_view kind = kind_of(bytes);
  if (kind.empty()) throw Error::bad_input({file, 0, ""}, "is no PNG, JPEG, GIF or WebP image");
  return "data:image/" + std::string(kind) + ";base64," + base64(bytes);
}

}  // namespace energylens::load
