// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/observe/observe.hpp"
#include "observe/series.hpp"

namespace energylens::observe {

/// Asks a Prometheus server for the series of a query over the time of the options, in pieces that the server's limit
/// of 11,000 points per series allows. Only GET, so that nothing is changed. Throws Error (io, bad input).
std::vector<Series> query_range(const Options& options, const std::string& query);

/// One GET with the token, if there is one; the body. Throws Error (io), from which the token is taken out.
std::string fetch(const Options& options, const std::string& url);

/// `{__name__=~"a|b",job="vllm"}`, with its special characters escaped.
std::string query_text(const std::vector<std::string>& names,
                       const std::vector<std::pair<std::string, std::string>>& labels);

}  // namespace energylens::observe
