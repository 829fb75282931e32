// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "energylens/choose/choose.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {

/// Columns of the ranking that simulated traffic adds.
inline constexpr std::array kTrafficColumns = {"TTFT p99", "TPOT p99", "use", "max req/s"};
void add_traffic_cells(std::vector<std::string>& cells, const choose::Configuration& one);

/// The members of a configuration that simulated traffic fills; null without.
void add_traffic(io::Json& object, const std::optional<choose::TrafficFigures>& traffic);

/// "headroom       up to 4.1 requests/s (82 % of it in use); ..."; "" without simulated traffic.
std::string headroom_line(const choose::Choice& choice);

/// The kind of arrivals of a question with traffic; null without.
io::Json arrivals_json(const choose::Question& question);
/// "ttft_p99 <= 0.5 s", ...
io::Json percentile_limits_json(const choose::Question& question);

}  // namespace energylens::cli
