// SPDX-License-Identifier: Apache-2.0
// Scripts append one result to another, and Python's json writes NaN. The texts are divided by their brackets, outside of
// strings; io::parse_json reads each, behind as many line ends as are before it, so that its messages name the right line.
// Held by json_texts_test.cpp.
#include "importers/readers/json_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text.hpp"

namespace energylens::importers {
namespace {

constexpr std::size_t kMostLines = 5000;

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Walks through JSON and knows what is inside a string.
class StringTracker {
 public:
  /// Whether `c` is inside a string, or one of its quotation marks.
  bool inside(char c) {
    if (escaped_) return escaped_ = false, true;
    if (inside_ && c == '\\') escaped_ = true;
    if (c == '"') {
      inside_ = !inside_;
      return true;
    }
    return inside_;
  }

 private:
  bool inside_ = false, escaped_ = false;
};

/// `text` with null for each number that JSON cannot write.
std::string without_not_numbers(const std::string& text, std::size_t& count) {
  constexpr std::array<std::string_view, 3> kWords = {"NaN", "Infinity", "-Infinity"};
  std::string result;
  StringTracker strings;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const bool starts_word = !strings.inside(c) && (at == 0 || !is_word_character(text[at - 1]));
    const auto is_here = [&](std::string_view word) {
      const std::size_t after = at + word.size();
      return std::string_view(text).substr(at).starts_with(word) &&
             (after == text.size() || !is_word_character(text[after]));
    };
    const auto word = std::ranges::find_if(kWords, is_here);
    if (starts_word && word != kWords.end()) {
      result += "null";
      at += word->size();
      ++count;
    } else {
      result += c;
      ++at;
    }
  }
  return result;
}

/// The top-level values of a text.
std::vector<std::string_view> values_in(std::string_view text) {
  std::vector<std::string_view> values;
  StringTracker strings;
  std::size_t begin = std::string_view::npos, depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (strings.inside(c)) continue;
    if (c == '{' || c == '[') {
      if (depth++ == 0) begin = at;
    } else if ((c == '}' || c == ']') && depth > 0 && --depth == 0) {
      values.push_back(text.substr(begin, at + 1 - begin));
      begin = std::string_view::npos;
    }
  }
  if (depth > 0) values.push_back(text.substr(begin));  // its reader says where it ends
  return values;
}

/// Whether the text consists of several objects or arrays, with nothing but blanks and commas between them.
bool is_sequence(std::string_view text, const std::vector<std::string_view>& values) {
  if (values.size() < 2) return false;
  const char* at = text.data();
  for (const std::string_view value : values) {
    const std::string_view between(at, static_cast<std::size_t>(value.data() - at));
    if (between.find_first_not_of(" \t\r\n,") != std::string_view::npos) return false;
    at = value.data() + value.size();
  }
  return true;
}

std::string checked(const std::string& text, const std::string& file, std::vector<std::string>& warnings) {
  std::size_t not_numbers = 0;
  std::string json = without_not_numbers(text, not_numbers);
  if (not_numbers > 0)
    warnings.push_back(fmt::format("{}: {} NaN or infinite and read as unknown", file,
                                   plural(not_numbers, "value is", "values are")));
  return json;
}

}  // namespace

std::vector<io::Json> runs_in(const std::string& text, const std::string& file,
                              std::vector<std::string>& warnings) {
  const std::string json = checked(text, file, warnings);
  const std::vector<std::string_view> values = values_in(json);
  std::vector<io::Json> runs;
  if (!is_sequence(json, values)) {
    io::Json one = io::parse_json(json, file);
    if (one.is_array()) return one.items();
    runs.push_back(std::move(one));
    return runs;
  }
  std::size_t lines = 0;
  const char* at = json.data();
  for (const std::string_view value : values) {
    lines += static_cast<std::size_t>(std::count(at, value.data(), '\n'));
    at = value.data();
    // In long files the line of a message is not worth its time.
    const std::string before(lines <= kMostLines ? lines : 0, '\n');
    io::Json one = io::parse_json(before + std::string(value), file);
    if (one.is_array()) {
      runs.insert(runs.end(), one.items().begin(), one.items().end());
    } else {
      runs.push_back(std::move(one));
    }
  }
  return runs;
}

io::Json json_in(const std::string& text, const std::string& file, std::vector<std::string>& warnings) {
  return io::parse_json(checked(text, file, warnings), file);
}

}  // namespace energylens::importers
