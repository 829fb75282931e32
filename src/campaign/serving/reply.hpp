// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/io/json.hpp"

namespace energylens::campaign {

/// What a child answered to one line.
struct Reply {
  io::Json json;        ///< an object
  std::string problem;  ///< why it cannot be used; empty if the child answered "ok"

  /// The number of tokens that it decoded; unknown if not reported.
  double tokens() const;
  /// What it reports about itself: an object, or null.
  io::Json about() const;
  bool simulated() const;
};

/// The KV capacity that a child reports, in tokens; unknown if it does not.
double capacity_of(const io::Json& about);

/// A line of a child as a message quotes it: its beginning, in quotation marks, on one line.
std::string shown_line(std::string_view line);

/// Reads one line of a child. Never throws.
Reply parse_reply(std::string_view line);

}  // namespace energylens::campaign
