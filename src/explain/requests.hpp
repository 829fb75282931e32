// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/parallel.hpp"
#include "explain/account.hpp"

namespace energylens::explain {

/// One request of a log.
struct Request {
  std::string id, tenant;
  double isl = kUnknown, osl = kUnknown, cached_tokens = kUnknown;
  double start_s = kUnknown, end_s = kUnknown;
  double in_flight = kUnknown;  ///< mean number of requests in flight while it ran, itself included
};

/// Reads columns request_id, tenant, isl and osl, of which the last is required, and cached_tokens, start_s and end_s.
/// Where both times are stated, `in_flight` follows from them. Throws Error (bad input) with the place of a cell.
std::vector<Request> read_requests(std::string_view text, const std::string& file);

/// The joules of one request. What all requests in flight have in common, such as reading the weights, is shared equally
/// by those in flight; what one causes alone is its own.
struct Attributed {
  double energy_j = 0, prefill_j = 0;
  double common_j = 0;  ///< its share of what the batch has in common; part of the energy
};

/// How the energy of a log is shared out.
struct Attribution {
  std::vector<Attributed> requests;
  double predicted_j = 0;  ///< sum by the model
  double scale = 1;        ///< of every request, so that they add up to the metered total
};

/// Of requests that ran on `config.layout`, with their own `in_flight`, else `config.load.batch`. `metered_j` is what a
/// meter counted for all of them; unknown: the predicted sum. Requires: form_of(predictor) with a fit of energy.
/// Throws Error (usage) where the requests in flight are unknown.
Attribution attribute(const predictor::Predictor& predictor, std::size_t group,
                      const table::Configuration& config, const std::vector<Request>& requests,
                      double metered_j, const RunOptions& run);

}  // namespace energylens::explain
