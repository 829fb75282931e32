// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <algorithm>

#include "energylens/predictor/predictor.hpp"
#include "predictor/waves.hpp"

namespace energylens::predictor {

/// The most requests that run at once over all replicas: by the KV cache, and by the limit of the server.
inline double most_in_flight(const table::Configuration& config, const Prediction& prediction) {
  const double copies = replicas(config.layout);
  const double most =
      copies * requests_at_once(prediction.kv_capacity_tokens, config.load.isl, config.load.osl);
  return known(config.load.max_batch) ? std::min(most, std::max(copies, config.load.max_batch)) : most;
}

}  // namespace energylens::predictor
