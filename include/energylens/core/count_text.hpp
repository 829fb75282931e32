// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "energylens/core/number_text.hpp"

namespace energylens {

/// A count with its noun, for people: "1 row", "0 rows", "4 rows". The plural is the noun with an s.
inline std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

/// A number of tokens or requests (>= 0), for people: a whole one as it stands, a mean to four significant
/// digits or to whole ones (25.0696 is "25.07", 12345.6 is "12346"), "-" for an unknown one.
inline std::string count_text(double count) {
  if (!known(count)) return "-";
  if (count == std::floor(count)) return number_text(count);
  const double scale = std::pow(10.0, std::max(0.0, 3 - std::floor(std::log10(count))));
  return number_text(std::round(count * scale) / scale);
}

}  // namespace energylens
