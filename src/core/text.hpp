// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace energylens {

/// A count and its noun: "1 row", "0 rows", "4 rows". The plural is the noun with an s, or `many`.
std::string plural(std::size_t count, std::string_view noun, std::string_view many = {});

/// The texts of a range, with a separator between them.
template <class Texts>
std::string join(const Texts& texts, std::string_view separator = ", ") {
  std::string joined;
  bool first = true;
  for (const auto& text : texts) {
    if (!first) joined += separator;
    joined += std::string_view(text);
    first = false;
  }
  return joined;
}

/// The text with ASCII letters in lower case.
std::string lower_case(std::string_view text);

/// A word as a POSIX shell reads it back.
std::string shell_quoted(std::string_view word);

/// A text from a file or a command line as a one-line message may show it: control characters become '?', and
/// a text longer than 60 bytes is cut between two characters and ends in "...".
std::string shown(std::string_view text);
/// The same in quotation marks.
std::string quote(std::string_view text);

/// The text with '?' in place of every control character but line ends and tabs: names come from files and servers, and
/// a terminal obeys what they hold.
std::string without_controls(std::string_view text);

}  // namespace energylens
