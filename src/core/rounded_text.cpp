// SPDX-License-Identifier: Apache-2.0
#include "core/rounded_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "energylens/core/number_text.hpp"

namespace energylens {
namespace {

std::string formatted(double value, std::chars_format format, int precision) {
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision);
  return {buffer.data(), end.ptr};
}

/// Exponent of ten of `value` once it is rounded to `digits` significant digits: 9.996 to three digits has 1.
int rounded_exponent(double value, int digits) {
  const std::string text = formatted(value, std::chars_format::scientific, digits - 1);
  int exponent = 0;
  const std::size_t e = text.find('e');
  const char* begin = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(begin, text.data() + text.size(), exponent);
  return exponent;
}

std::string with_commas(std::string text) {
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t i = point; i > start + 3;) {
    i -= 3;
    text.insert(i, ",");
  }
  return text;
}

}  // namespace

std::string rounded_text(double value, int digits) {
  if (!known(value)) return "-";
  if (std::isinf(value)) return value > 0 ? "unlimited" : "-unlimited";
  if (value == 0) return "0";
  const int exponent = rounded_exponent(value, digits);
  if (exponent < -4 || exponent >= 15) return formatted(value, std::chars_format::scientific, digits - 1);
  const int dropped = std::max(0, exponent - digits + 1);  // digits before the point that become 0
  const double shown =
      dropped > 0 ? std::round(value / std::pow(10.0, dropped)) * std::pow(10.0, dropped) : value;
  const int decimals = value == std::floor(value) ? 0 : std::max(0, digits - 1 - exponent);
  return with_commas(formatted(shown, std::chars_format::fixed, decimals));
}

std::string percent_text(double share, int digits) {
  return known(share) ? rounded_text(100 * share, digits) + " %" : "-";
}

std::string quantity_text(double value, std::string_view unit, int digits) {
  if (!std::isfinite(value)) return rounded_text(value, digits);
  constexpr std::array<std::string_view, 6> kPrefixes = {"m", "", "k", "M", "G", "T"};
  std::size_t prefix = 1;
  if (value != 0) {
    const int exponent = rounded_exponent(value, digits);
    const int thousands = exponent >= 0 ? exponent / 3 : -1;
    prefix = static_cast<std::size_t>(std::clamp(thousands, -1, 4) + 1);
    value /= std::pow(1000.0, static_cast<double>(prefix) - 1);
  }
  return rounded_text(value, digits) + ' ' + std::string(kPrefixes[prefix]) + std::string(unit);
}

}  // namespace energylens
