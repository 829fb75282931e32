// SPDX-License-Identifier: Apache-2.0
#include "table/shown.hpp"

#include <algorithm>

#include "energylens/core/utf8.hpp"

namespace energylens::table {

std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  const bool whole = text.size() <= kLongest;
  const std::string_view head = text.substr(0, kLongest);
  std::string result(whole ? head : head.substr(0, utf8_prefix_length(head)));
  std::replace_if(
      result.begin(), result.end(),
      [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return code < 0x20 || code == 0x7F;
      },
      '?');
  return whole ? result : result + "...";
}

}  // namespace energylens::table
