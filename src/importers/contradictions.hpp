// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"

namespace energylens::importers {

/// Throws Error (bad input, at its place) for a figure of a `vllm bench serve` result that the others rule out, such as
/// more answers than prompts, or a latency longer than the run: the file was edited, or put together from several runs.
/// Warns of a request rate that is not requests over time.
void check_contradictions(const io::Json& run, std::vector<std::string>& warnings);

}  // namespace energylens::importers
