// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/predictor/facts.hpp"
#include "simulate/phases.hpp"

namespace energylens::simulate {

/// What the rules of predictors about layouts and KV capacities need.
predictor::Facts facts_of(const System& system);

/// KV tokens of one replica, in whole tokens; kUnknown for a model without KV. 0: the weights do not fit.
double kv_capacity_tokens(const System& system, const table::Layout& layout);

/// Whether the weights leave room for KV or state.
bool holds_model(const System& system, const table::Layout& layout);

/// Requests of isl + osl tokens that one replica holds at once, in whole blocks of the KV cache.
double held_at_once(const System& system, const table::Layout& layout, double isl, double osl);

/// The load of one row: a job or a steady state.
struct Load {
  double batch = 0;  ///< `steady`: limit of the server
  double isl = 0, osl = 0;
  double image_tokens = 0, cached_tokens = 0;
};

/// Figures over all GPUs of the deployment. Prefill and decode add up to the job.
struct JobOutcome {
  Phase prefill, decode;
  double ttft_s = 0;         ///< mean over requests, including the wait for earlier waves
  double tpot_s = kUnknown;  ///< mean over requests; unknown for osl = 1
};

/// Runs `load.batch` requests that start together. Requests that do not fit wait until the whole wave before them is
/// done. Replicas share the requests as evenly as possible and idle when done. Requires:
/// held_at_once >= 1.
JobOutcome run_job(const System& system, const table::Layout& layout, const Load& load);

struct SteadyOutcome {
  double in_flight = 0;  ///< requests, over all replicas
  double tpot_s = 0;     ///< time between the tokens of a request, including prefills of other requests
  double ttft_s = 0;     ///< prefill of one request
  double joules_per_token = 0;
  double tokens_per_s = 0;
};

/// Runs a queue that is never empty: a finished request is replaced at once. Requires: held_at_once >= 1, osl >= 2.
SteadyOutcome run_steady(const System& system, const table::Layout& layout, const Load& load);

}  // namespace energylens::simulate
