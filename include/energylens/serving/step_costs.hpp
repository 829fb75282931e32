// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>

#include "energylens/predictor/predictor.hpp"
#include "energylens/serving/engine.hpp"
#include "energylens/table/row.hpp"

namespace energylens::serving {

/// The steps of which replica are asked for.
struct StepQuestion {
  std::size_t group = 0;
  table::Layout layout;    ///< its replicas are alike; the costs are those of one
  table::Load request;     ///< isl and osl: the lengths around which steps are asked; accepted_per_step
  int max_requests = 256;  ///< in one step
  double idle_w = 0;       ///< power of the replica between steps
  /// What a power limit makes of a step; empty: none.
  std::function<Cost(const Cost&)> limited;
};

/// One replica of a layout: data-parallel attention under expert parallelism is one already.
table::Layout one_replica_of(const table::Layout& layout);

/// Asks a predictor for the steps of a replica: jobs of one decode step for the cost of that step, by requests and
/// cached tokens, and jobs of one output token for the cost of a prompt, by its length (docs/method/serving.md). Throws Error
/// (usage) if the predictor does not predict the parts: energy and time of prefill and of decode steps.
StepCosts step_costs(const predictor::Predictor& predictor, const StepQuestion& question);

}  // namespace energylens::serving
