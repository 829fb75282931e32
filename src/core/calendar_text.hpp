// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>

namespace energylens {

/// Seconds since 1970 as a date and time in UTC, "2024-03-31 16:48:10", without a fraction of a second. Empty for an
/// unknown time, a time before 1970 or after the year 9999.
std::string calendar_text(double time_s);

}  // namespace energylens
