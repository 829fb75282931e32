// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cmath>
#include <string>

#include "core/rounded_text.hpp"

namespace energylens {

/// A number of tokens or requests for people: whole numbers in full ("131,072"), means to four significant
/// digits ("25.07" for 25.0696), "-" for an unknown number.
inline std::string count_text(double count) {
  return rounded_text(count, count == std::floor(count) ? 15 : 4);
}

}  // namespace energylens
