// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::serving {

/// One request as a trace states it.
struct TraceRecord {
  double time_s = 0;
  double prompt = 0, output = 0;
  double cached = kUnknown;
  std::vector<std::int64_t> hashes;  ///< of the blocks of the prompt
  Place place;                       ///< file and line
};

/// The requests of one file, as they are, one after the other.
class TraceRecords {
 public:
  virtual ~TraceRecords() = default;
  /// False at the end. Throws Error (bad input) for a line that cannot be read.
  virtual bool next(TraceRecord& record) = 0;
};

/// Opens a file in whichever format it has.
std::unique_ptr<TraceRecords> open_records(const std::string& file);

/// Tokens in a block of the hashes of a Mooncake trace.
inline constexpr double kHashedTokens = 512;

/// Seconds since 1970 of a date and time such as "2023-11-16 18:17:03.9799600" or "2024-05-10T00:00:00Z"; unknown for other
/// text. A zone is "Z" or an offset such as "+01:00".
double seconds_of_date(std::string_view text);

}  // namespace energylens::serving
