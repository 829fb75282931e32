// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "energylens/core/parallel.hpp"
#include "energylens/load/openai.hpp"

namespace energylens::load {

/// A load on one server.
struct LoadOptions {
  std::string url;                          ///< "http://localhost:8000": paths of the protocol are added
  std::string model;                        ///< as the server calls it
  std::string api_key;                      ///< sent as a bearer token, written nowhere else; empty = none
  int concurrency = 1;                      ///< requests in flight; as soon as one ends the next begins
  int requests = 1;                         ///< in all
  double timeout_s = 600;                   ///< between two pieces of an answer
  std::function<Prompt(int index)> prompt;  ///< of each request; called from several threads at once
  const CancelToken* cancel = nullptr;      ///< begins no new request, and cuts off those in flight
};

struct Percentiles {
  double mean_s = kUnknown, p50_s = kUnknown, p90_s = kUnknown, p99_s = kUnknown;
};

/// What a load was.
struct LoadResult {
  std::vector<Completion> completions;  ///< by index; of those that were begun
  int whole = 0, failed = 0;
  int long_answers = 0;                         ///< whole ones of more tokens than were asked for
  int uncounted_answers = 0;                    ///< whole ones whose tokens the server does not tell
  int cached_answers = 0;                       ///< whole ones whose prompt was partly in a cache
  int short_answers = 0;                        ///< whole ones of fewer tokens than were asked for
  double begin_s = kUnknown, end_s = kUnknown;  ///< steady clock: first request begun, last one ended
  double in_flight = kUnknown;                  ///< mean number of requests in flight over that time
  double prompt_tokens = kUnknown,
         output_tokens = kUnknown;    ///< of whole answers; unknown if one does not tell
  Percentiles ttft, tpot, itl, e2el;  ///< of whole answers; `itl` is between pieces
};

/// Sends the requests, holding the concurrency, and waits for the last. Answers that fail are counted and do
/// not stop it. Throws Error (usage) for options that make no sense.
LoadResult run_load(const LoadOptions& options);

}  // namespace energylens::load
