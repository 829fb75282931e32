// SPDX-License-Identifier: Apache-2.0
// Held by calendar_text_test.cpp.
#include "core/calendar_text.hpp"

#include <cmath>
#include <ctime>

namespace energylens {
namespace {

constexpr double kLatest_s = 253402300799;  // the end of the year 9999

}  // namespace

std::string calendar_text(double time_s) {
  if (!(time_s >= 0 && time_s <= kLatest_s)) return {};
  const auto seconds = static_cast<std::time_t>(std::floor(time_s));
  std::tm parts{};
  char text[32] = {};
  if (!::gmtime_r(&seconds, &parts) || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts) == 0)
    return {};
  return text;
}

}  // namespace energylens
