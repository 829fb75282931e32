// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/serving/traffic.hpp"

namespace energylens::serving {

/// How a trace is read; every member changes the stream.
struct TraceOptions {
  double speed = 1;              ///< 2: the same requests in half the time
  std::size_t times = 1;         ///< repeats the trace this many times, one after the other
  std::int32_t most_tokens = 0;  ///< context of the model: longer requests are errors; 0: no limit
  /// Tokens of prompts that are kept, least recently used ones leave first; only of traces that state hashes of the blocks of
  /// prompts. 0: nothing is kept. Unknown: everything is.
  double prefix_cache_tokens = kUnknown;

  /// Throws Error (usage) naming the first invalid member.
  void validate() const;
};

/// What a trace holds.
struct TraceSummary {
  std::size_t requests = 0;
  std::size_t without_output = 0;  ///< left out: requests that failed
  double duration_s = 0;           ///< from the first arrival to the last
  double prompt_mean = 0, output_mean = 0, cached_mean = 0;
  double gap_cv = 0;   ///< coefficient of variation of the gaps
  double longest = 0;  ///< most tokens of one request, input and output together

  double rate_rps() const { return static_cast<double>(requests - 1) / duration_s; }
};

/// Opens a trace of requests as a stream. The format follows from the content:
///   CSV with a header, such as arrival_s,isl,osl; Azure (TIMESTAMP,ContextTokens,GeneratedTokens); BurstGPT (Timestamp,
///   Request tokens,Response tokens); access logs and spans with columns of these or similar names. Times in seconds, as dates,
///   or in the unit that the name of the column states (_ms, UnixNano);
///   JSON lines of Mooncake (timestamp in ms, input_length, output_length, hash_ids of 512 tokens each);
///   the result of `vllm bench serve --save-detailed` (start_times, input_lens, output_lens).
/// The first request arrives at 0. Text traces are read line by line, so memory does not grow with them. Throws Error
/// (bad input) with file, line and column for the first line that is wrong, also while it is read; (io) if the file
/// cannot be read.
std::unique_ptr<Traffic> open_trace(const std::string& file, const TraceOptions& options = {});

/// Reads a whole trace. Throws as open_trace, and for a trace with fewer than two requests.
TraceSummary summarise_trace(const std::string& file, const TraceOptions& options = {});

/// The lengths of at most `most` requests of a trace, picked at random.
std::vector<Tokens> sample_lengths(const std::string& file, const TraceOptions& options, std::size_t most,
                                   std::uint64_t seed = 0);

}  // namespace energylens::serving
