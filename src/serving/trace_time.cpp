// SPDX-License-Identifier: Apache-2.0
// Held by trace_test.cpp.
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>

#include "serving/trace_records.hpp"

namespace energylens::serving {
namespace {

/// Takes a number of exactly `digits` digits and the character after it off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits, std::string_view after) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits) return std::nullopt;
  text.remove_prefix(digits);
  if (after.empty()) return value;
  if (text.empty() || after.find(text.front()) == std::string_view::npos) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

/// ".9799600", if there is one.
std::optional<double> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return 0.0;
  const std::size_t end = text.find_first_not_of("0123456789", 1);
  const std::string digits = "0" + std::string(text.substr(0, end));
  text.remove_prefix(std::min(end, text.size()));
  return parse_number(digits);
}

/// "+01:00" and "Z" in seconds.
std::optional<double> zone_s(std::string_view text) {
  if (text.empty() || text == "Z" || text == " UTC") return 0.0;
  const double sign = text.front() == '-' ? -1 : 1;
  if (text.front() != '+' && text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2, text.find(':') == 2 ? ":" : "");
  const auto minutes = text.empty() ? std::optional<int>(0) : take_digits(text, 2, "");
  if (!hours || !minutes || !text.empty()) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

}  // namespace

double seconds_of_date(std::string_view text) {
  struct Part {
    std::size_t digits;
    std::string_view after;
  };
  constexpr std::array<Part, 6> kParts{{{4, "-"}, {2, "-"}, {2, " T"}, {2, ":"}, {2, ":"}, {2, ""}}};
  std::array<int, 6> values{};
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    const auto value = take_digits(text, kParts[i].digits, kParts[i].after);
    if (!value) return kUnknown;
    values[i] = *value;
  }
  const std::chrono::year_month_day day{std::chrono::year(values[0]),
                                        std::chrono::month(static_cast<unsigned>(values[1])),
                                        std::chrono::day(static_cast<unsigned>(values[2]))};
  const auto fraction = take_fraction(text);
  const auto zone = zone_s(text);
  if (!day.ok() || !fraction || !zone || values[3] > 24 || values[4] > 59 || values[5] > 60) return kUnknown;
  const double days = static_cast<double>(std::chrono::sys_days(day).time_since_epoch().count());
  return days * 86400 + values[3] * 3600 + values[4] * 60 + values[5] + *fraction - *zone;
}

}  // namespace energylens::serving
