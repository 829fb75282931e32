// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>

#include "energylens/expr/expr.hpp"
#include "energylens/parametric/law_model.hpp"
#include "energylens/predictor/group_context.hpp"

namespace energylens::parametric {

/// The law of one wave on one replica as an expression, docs/method/law.md (1): variables tp, pp, batch (the wave size), isl, osl
/// and parameters a0 ... b7. Experts enter with their known numbers, docs/method/law.md (4). Without a known isl, prefill is one
/// constant per request. In seconds, work is divided by tp. For plain requests: nothing cached, one token per step.
expr::Expr one_wave_formula(const predictor::Facts& facts, bool isl_known, Metric metric);

/// Likewise as the group is read: of servers docs/method/law.md (5a), over the further variables dp and ep. For requests
/// without speculative decoding or with the accepted tokens unstated.
expr::Expr one_wave_formula(const predictor::GroupContext& group, Metric metric);

/// The law of a whole `job` row of one replica: waves, docs/method/law.md (3), around one_wave_formula. `capacity` is a further
/// variable: KV tokens of the replica. `batch` is the number of requests of the replica, a whole number.
expr::Expr job_formula(const predictor::Facts& facts, bool isl_known, Metric metric);

/// Unit of a parameter. In the formula all counts, including tokens, are pure numbers, as expr::check_units requires.
std::string parameter_unit(std::size_t index, Metric metric);

}  // namespace energylens::parametric
