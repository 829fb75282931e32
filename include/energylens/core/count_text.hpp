// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "energylens/core/rounded_text.hpp"

namespace energylens {

/// A count with its noun, for people: "1 row", "0 rows", "4 rows". The plural is the noun with an s.
inline std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

/// A number of tokens or requests, for people: a whole one in full ("131,072"), a mean to four significant
/// digits (25.0696 is "25.07"), "-" for an unknown one.
inline std::string count_text(double count) {
  return rounded_text(count, count == std::floor(count) ? 15 : 4);
}

}  // namespace energylens
