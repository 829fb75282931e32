// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/expr/expr.hpp"
#include "energylens/parametric/model.hpp"

namespace energylens::law {

/// The law of one wave on one replica as an expression, docs/law.md (1): variables tp, pp, batch, isl, osl and
/// parameters a0 ... b7. Experts enter with their known numbers, docs/law.md (4); without a known isl, prefill is one
/// constant per request. `energy`: joules; else seconds, which tp GPUs share out.
/// For plain requests: nothing cached, one token a step.
expr::Expr one_wave_formula(const predictor::Facts& facts, bool isl_known, bool energy);

/// The law of a whole `job` row of one replica: waves, docs/law.md (3), around one_wave_formula. One more variable,
/// capacity: KV tokens of the replica. `batch` is a whole number.
expr::Expr job_formula(const predictor::Facts& facts, bool isl_known, bool energy);

/// Units of the parameters. In the formula counts are pure numbers, tokens too: expr::check_units wants it so.
std::string parameter_unit(std::size_t index, bool energy);

}  // namespace energylens::law
