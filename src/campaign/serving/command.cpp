// SPDX-License-Identifier: Apache-2.0
// Placeholders are filled after the split into words: a value with blanks or quotation marks stays one word
// and cannot add another. Held by command_test.cpp.
#include "campaign/serving/command.hpp"

#include <algorithm>
#include <array>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"

namespace energylens::campaign {
namespace {

constexpr std::array<std::string_view, 10> kPlaceholders = {"tp",     "pp",    "dp",    "ep",   "gpus",
                                                            "layout", "quant", "model", "port", "api_key"};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Reads a command character by character.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<std::string> words() {
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        finish();
        ++at_;
      } else if (text_[at_] == '\'' || text_[at_] == '"') {
        quoted(text_[at_++]);
      } else {
        take();
      }
    }
    finish();
    return std::move(words_);
  }

 private:
  void quoted(char mark) {
    open_ = true;
    while (at_ < text_.size() && text_[at_] != mark) {
      if (mark == '"') {
        take();
      } else {
        word_ += text_[at_++];
      }
    }
    if (at_ == text_.size()) {
      throw Error::usage("the server command has an unmatched quotation mark");
    }
    ++at_;
  }

  /// One character, or what a backslash protects.
  void take() {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    word_ += text_[at_++];
    open_ = true;
  }

  void finish() {
    if (open_) words_.push_back(std::move(word_));
    word_.clear();
    open_ = false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
  bool open_ = false;
  std::vector<std::string> words_;
};

/// Calls `found` for each {name} of lower-case letters and underscores.
template <class Found>
void each_placeholder(std::string_view text, const Found& found) {
  for (std::size_t begin = text.find('{'); begin != text.npos; begin = text.find('{', begin + 1)) {
    const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", begin + 1);
    if (end != text.npos && text[end] == '}' && end > begin + 1) found(begin, end);
  }
}

}  // namespace

std::vector<std::string> split_words(std::string_view command) {
  return Splitter(command).words();
}

std::string fill(std::string_view text, const Values& values) {
  std::string filled;
  std::size_t done = 0;
  each_placeholder(text, [&](std::size_t begin, std::size_t end) {
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    const auto value = std::ranges::find(values, name, &Values::value_type::first);
    if (value == values.end()) return;
    filled += text.substr(done, begin - done);
    filled += value->second;
    done = end + 1;
  });
  return filled + std::string(text.substr(done));
}

void check_placeholders(std::string_view command) {
  each_placeholder(command, [&](std::size_t begin, std::size_t end) {
    const std::string_view name = command.substr(begin + 1, end - begin - 1);
    choose_named(kPlaceholders, name, "placeholder");
  });
}

}  // namespace energylens::campaign
