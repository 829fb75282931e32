// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "energylens/core/clock.hpp"
#include "energylens/core/parallel.hpp"
#include "load/openai.hpp"

namespace energylens::load {

/// Requests to one server.
struct LoadOptions {
  std::string url;                          ///< "http://localhost:8000": paths of the protocol are added
  std::string model;                        ///< as the server calls it
  std::string api_key;                      ///< sent as a bearer token, written nowhere else; empty = none
  int concurrency = 1;                      ///< requests in flight; as soon as one ends the next begins
  int requests = 1;                         ///< total number
  double timeout_s = 1800;                  ///< for a whole request; silence ends it after 600 s
  std::function<Prompt(int index)> prompt;  ///< of each request; called from several threads at once
  const CancelToken* cancel = nullptr;      ///< starts no new request, and ends those in flight
  const Clock* clock = &real_clock();       ///< of all times in the result
};

struct Percentiles {
  double mean_s = kUnknown, p50_s = kUnknown, p90_s = kUnknown, p99_s = kUnknown;
};

/// The answers to a load, and their times.
struct LoadResult {
  std::vector<Completion> completions;  ///< by index, of the requests that were started
  int whole = 0, failed = 0;
  int long_answers = 0;                         ///< complete, with more tokens than requested
  int uncounted_answers = 0;                    ///< complete, but the server reports no token counts
  int cached_answers = 0;                       ///< complete, with a part of the prompt from a cache
  int short_answers = 0;                        ///< complete, with fewer tokens than requested
  int one_piece_answers = 0;                    ///< complete, all tokens in one piece: without TTFT and TPOT
  int long_piece_answers = 0;                   ///< complete, with several tokens in some pieces
  double begin_s = kUnknown, end_s = kUnknown;  ///< steady clock: start of the first request, end of the last
  double in_flight = kUnknown;                  ///< mean number of requests in flight over that time
  double prompt_tokens = kUnknown,
         output_tokens = kUnknown;    ///< of complete answers; unknown if the server does not report one
  Percentiles ttft, tpot, itl, e2el;  ///< of complete answers; `itl` is between pieces
};

/// Sends the requests, keeps `concurrency` of them in flight, and waits for the last. Answers that fail are
/// counted and do not stop it, unless the first few all last longer than the limit. Throws Error (usage) for invalid
/// options, and (io) if the system does not give a thread for every request in flight.
LoadResult run_load(const LoadOptions& options);

}  // namespace energylens::load
