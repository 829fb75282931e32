// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "load/driver.hpp"

namespace energylens::cli {

/// What was asked for.
struct BenchRequest {
  int isl = 0, osl = 0;
  bool as_text = false;    ///< prompts are words, whose tokens only the server counts
  bool exact = true;       ///< answers have `osl` tokens, not at most as many
  std::uint64_t seed = 0;  ///< of the prompts
};

/// The reason of the first request that failed, with [key] for the key, and what helps if that is known; empty if none did.
std::string first_problem(const load::LoadResult& result, const std::string& key);

/// What people must know of figures that are not of what they asked for; nothing if they are.
std::vector<std::string> doubts(const load::LoadResult& result, const BenchRequest& request);
/// What people should know although the figures are right.
std::vector<std::string> remarks(const load::LoadResult& result, const BenchRequest& request);

/// Latencies and throughput, as JSON or as a table.
std::string bench_json(const load::LoadResult& result, const BenchRequest& request,
                       const std::string& first_problem);
std::string bench_text(const load::LoadResult& result, const BenchRequest& request);

}  // namespace energylens::cli
