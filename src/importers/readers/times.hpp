// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string_view>

#include "energylens/core/number_text.hpp"

namespace energylens::importers {

/// A time as a file states it.
struct Time {
  double time_s =
      kUnknown;  ///< s since 1970; of a local time as if it were in UTC; of a time of day since midnight
  bool local = false;        ///< it states no zone
  bool time_of_day = false;  ///< it states no date
};

/// Reads a time in one of the forms that logs have: "2024/03/31 16:48:55.963", ISO 8601 with or without zone,
/// "05-05-2025 20:58:44.813" and "05/05/2025 20:58:44" (month, day, year), "20250505 20:58:44", "Mon May  5 20:58:44 2025 +0200", "20:58:44.1",
/// with a point or a comma before the fraction, and seconds, milliseconds, microseconds or nanoseconds since 1970. Nothing for
/// another text.
std::optional<Time> parse_time(std::string_view text);

/// A number as logs in other countries write it: "24,51". Nothing for another text.
std::optional<double> parse_number_with_comma(std::string_view text);

}  // namespace energylens::importers
