// SPDX-License-Identifier: Apache-2.0
// Held by text_test.cpp.
#include "core/text.hpp"

#include <algorithm>

#include "core/utf8.hpp"

namespace energylens {

std::string plural(std::size_t count, std::string_view noun, std::string_view many) {
  std::string text = std::to_string(count) + ' ';
  if (count == 1 || many.empty()) {
    text += noun;
    return count == 1 ? text : text + 's';
  }
  return text.append(many);
}

std::string shell_quoted(std::string_view word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  const bool whole = text.size() <= kLongest;
  const std::string_view head = text.substr(0, kLongest);
  std::string result(whole ? head : head.substr(0, utf8_prefix_length(head)));
  const auto is_control = [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code < 0x20 || code == 0x7F;
  };
  std::replace_if(result.begin(), result.end(), is_control, '?');
  return whole ? result : result + "...";
}

std::string without_controls(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = static_cast<unsigned char>(text[i]);
    const bool low = (code < 0x20 && text[i] != '\n' && text[i] != '\t') || code == 0x7F;
    // U+0080 to U+009F, which some terminals obey like an escape and a letter.
    const bool high = code == 0xC2 && i + 1 < text.size() &&
                      static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                      static_cast<unsigned char>(text[i + 1]) < 0xA0;
    i += high;
    out += low || high ? '?' : text[i];
  }
  return out;
}

std::string quote(std::string_view text) {
  return '"' + shown(text) + '"';
}

}  // namespace energylens
