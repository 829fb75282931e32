// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "load/driver.hpp"

namespace energylens::cli {

/// The reason of the first request that failed, with [key] for the key; empty if none did.
std::string first_problem(const load::LoadResult& result, const std::string& key);

/// What people must know of figures that are not of what they asked for, `osl` tokens for each request;
/// nothing if they are.
std::vector<std::string> doubts(const load::LoadResult& result, int osl);

/// Latencies and throughput, as JSON or as a table.
std::string bench_json(const load::LoadResult& result, const std::string& first_problem);
std::string bench_text(const load::LoadResult& result);

}  // namespace energylens::cli
