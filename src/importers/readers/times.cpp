// SPDX-License-Identifier: Apache-2.0
// A cursor that takes fixed numbers of digits; each form is one function. Held by readers_test.cpp.
#include "importers/readers/times.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>

namespace energylens::importers {
namespace {

class TimeCursor {
 public:
  explicit TimeCursor(std::string_view text) : text_(text) {}

  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take_any(std::string_view chars) {
    return !text_.empty() && chars.find(text_.front()) != chars.npos && take(text_.front());
  }
  void skip_blanks() {
    while (take(' ')) {
    }
  }
  /// A number of `least` to `most` digits; -1 if there is none.
  int digits(std::size_t least, std::size_t most) {
    std::size_t n = 0;
    int value = 0;
    while (n < most && n < text_.size() && text_[n] >= '0' && text_[n] <= '9')
      value = 10 * value + (text_[n++] - '0');
    if (n < least) return -1;
    text_.remove_prefix(n);
    return value;
  }
  /// The digits after a point or comma, as a fraction; 0 without one.
  double fraction() {
    if (!take('.') && !take(',')) return 0;
    double value = 0, unit = 0.1;
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') {
      value += unit * (text_.front() - '0');
      unit /= 10;
      text_.remove_prefix(1);
    }
    return value;
  }
  std::string_view word(std::size_t length) {
    const std::string_view found = text_.substr(0, length);
    text_.remove_prefix(found.size());
    return found;
  }
  std::string_view rest() const { return text_; }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::optional<double> day_s(int year, int month, int day) {
  if (year < 1900 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return 86400.0 * std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<double> clock_s(TimeCursor& at) {
  const int hour = at.digits(1, 2);
  if (hour < 0 || hour > 23 || !at.take(':')) return std::nullopt;
  const int minute = at.digits(2, 2);
  if (minute < 0 || minute > 59 || !at.take(':')) return std::nullopt;
  const int second = at.digits(2, 2);
  if (second < 0 || second > 60) return std::nullopt;
  return 3600.0 * hour + 60.0 * minute + second + at.fraction();
}

/// Takes "Z", "UTC", "+02:00", "-0500" or nothing.
bool take_zone(TimeCursor& at, Time& time) {
  at.skip_blanks();
  if (at.at_end()) {
    time.local = true;
    return true;
  }
  if (at.rest() == "Z" || at.rest() == "z" || at.rest() == "UTC" || at.rest() == "GMT") return true;
  const bool east = at.rest().front() == '+';
  if (!at.take_any("+-")) return false;
  const int hours = at.digits(2, 2);
  at.take(':');
  const int minutes = at.at_end() ? 0 : at.digits(2, 2);
  if (hours < 0 || minutes < 0 || !at.at_end()) return false;
  time.time_s -= (east ? 1 : -1) * (3600.0 * hours + 60.0 * minutes);
  return true;
}

std::optional<Time> with_clock(TimeCursor at, std::optional<double> date_s) {
  if (!date_s || !at.take_any(" T_-")) return std::nullopt;
  at.skip_blanks();
  const auto clock = clock_s(at);
  if (!clock) return std::nullopt;
  Time time{*date_s + *clock};
  return take_zone(at, time) ? std::optional(time) : std::nullopt;
}

std::optional<Time> year_first(std::string_view text) {
  TimeCursor at(text);
  const int year = at.digits(4, 4);
  if (year < 0) return std::nullopt;
  const bool separated = at.take_any("/-.");
  const int month = at.digits(1 + !separated, 2);
  if (separated && !at.take_any("/-.")) return std::nullopt;
  const int day = at.digits(1 + !separated, 2);
  return with_clock(at, day_s(year, month, day));
}

std::optional<Time> year_last(std::string_view text) {
  TimeCursor at(text);
  const int month = at.digits(1, 2);
  if (month < 0 || !at.take_any("/-")) return std::nullopt;
  const int day = at.digits(1, 2);
  if (!at.take_any("/-")) return std::nullopt;
  return with_clock(at, day_s(at.digits(4, 4), month, day));
}

/// "Mon May  5 20:58:44 2025 +0200", as ctime and date write it.
std::optional<Time> with_names(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  TimeCursor at(text);
  at.word(3);
  if (!at.take(' ')) return std::nullopt;
  at.skip_blanks();
  const auto month = std::ranges::find(kMonths, at.word(3));
  at.skip_blanks();
  const int day = at.digits(1, 2);
  if (month == kMonths.end() || day < 0 || !at.take(' ')) return std::nullopt;
  const auto clock = clock_s(at);
  at.skip_blanks();
  while (!at.at_end() && at.rest().front() >= 'A' && at.rest().front() <= 'Z') at.word(1);
  at.skip_blanks();
  const int year = at.digits(4, 4);
  const auto date = day_s(year, static_cast<int>(month - kMonths.begin()) + 1, day);
  if (!clock || !date) return std::nullopt;
  Time time{*date + *clock};
  return take_zone(at, time) ? std::optional(time) : std::nullopt;
}

std::optional<Time> of_day(std::string_view text) {
  TimeCursor at(text);
  const auto clock = clock_s(at);
  if (!clock || !at.at_end()) return std::nullopt;
  return Time{*clock, true, true};
}

/// Seconds since 1970 and its smaller units, by magnitude: before 2001 nobody logged GPUs.
std::optional<Time> since_1970(double number) {
  constexpr double kEarliest = 9.5e8, kLatest = 2.5e11;
  for (const double unit : {1.0, 1e-3, 1e-6, 1e-9}) {
    const double seconds = number * unit;
    if (seconds >= kEarliest && seconds < kLatest) return Time{seconds};
  }
  if (number >= 0 && number < kEarliest) return Time{number};  // of another clock, such as since the start
  return std::nullopt;
}

}  // namespace

std::optional<double> parse_number_with_comma(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return parse_number(text);
  if (text.find(',', comma + 1) != std::string_view::npos || text.find('.') != std::string_view::npos)
    return std::nullopt;
  std::string with_point(text);
  with_point[comma] = '.';
  return parse_number(with_point);
}

std::optional<Time> parse_time(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '"'))
    text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  if (const auto number = parse_number_with_comma(text)) return since_1970(*number);
  if (text.size() >= 14) {
    if (const auto time = year_first(text)) return time;
    if (const auto time = year_last(text)) return time;
    if (const auto time = with_names(text)) return time;
  }
  return of_day(text);
}

}  // namespace energylens::importers
