// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace energylens {

/// "2024-03-31 16:48:10", in UTC, of seconds since 1970 (a fraction is cut off); empty for a time before 1970
/// or after the year 9999, or an unknown one.
std::string calendar_text(double time_s);

}  // namespace energylens
