// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::meter {

/// One line of a Prometheus page.
struct Metric {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;          ///< NaN and infinities as such
  double time_s = kUnknown;  ///< when it was taken, s since 1970; unknown if the line does not state it

  /// The label of that name; empty if there is none.
  std::string_view label(std::string_view label_name) const;
};

/// Reads the text format 0.0.4 of Prometheus: `name{label="value",...} number [milliseconds]` and comments; and
/// OpenMetrics, which ends in `# EOF` and states times in seconds. Ignores exemplars and invalid times. Throws
/// Error (bad input, file:line:column) for all else.
std::vector<Metric> parse_prometheus(std::string_view text, const std::string& file);

}  // namespace energylens::meter
