// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace energylens::cli {

/// Seconds of a time such as 90s, 5m, 24h, 7d or 1h30m; a number alone is in seconds. Throws Error (usage), naming the flag.
double duration_s(const std::string& flag, const std::string& text);

}  // namespace energylens::cli
