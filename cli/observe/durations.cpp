// SPDX-License-Identifier: Apache-2.0
#include "cli/observe/durations.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::cli {

double duration_s(const std::string& flag, const std::string& text) {
  double total = 0;
  std::string digits;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if ((c >= '0' && c <= '9') || c == '.') {
      digits += c;
      continue;
    }
    double unit = kUnknown;
    if (c == 'm' && at + 1 < text.size() && text[at + 1] == 's') {
      unit = 1e-3;
      ++at;
    } else {
      unit = c == 's' ? 1 : c == 'm' ? 60 : c == 'h' ? 3600 : c == 'd' ? 86400 : c == 'w' ? 604800 : kUnknown;
    }
    total += parse_number(digits).value_or(kUnknown) * unit;
    digits.clear();
  }
  if (!digits.empty()) total = text == digits ? parse_number(digits).value_or(kUnknown) : kUnknown;
  if (!(total > 0)) throw Error::usage(flag + ": " + quote(text) + " is not a time such as 60s, 5m or 24h");
  return total;
}

}  // namespace energylens::cli
