// SPDX-License-Identifier: Apache-2.0
// Held by prompts_test.cpp.
#include "load/prompts.hpp"

#include <array>
#include <string_view>

#include "energylens/core/rng.hpp"

namespace energylens::load {
namespace {

constexpr int kFirstToken = 100;  // those below are often special
constexpr std::array<std::string_view, 64> kWords = {
    "time",  "year",   "people", "way",     "day",     "man",     "thing",    "woman",    "life",   "child",
    "world", "school", "state",  "family",  "student", "group",   "country",  "problem",  "hand",   "part",
    "place", "case",   "week",   "company", "system",  "program", "question", "work",     "number", "night",
    "point", "home",   "water",  "room",    "mother",  "area",    "money",    "story",    "fact",   "month",
    "lot",   "right",  "study",  "book",    "eye",     "job",     "word",     "business", "issue",  "side",
    "kind",  "head",   "house",  "service", "friend",  "father",  "power",    "hour",     "game",   "line",
    "end",   "member", "law",    "car"};

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

}  // namespace energylens::load
