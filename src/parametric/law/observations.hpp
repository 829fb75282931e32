// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <vector>

#include "energylens/parametric/law_model.hpp"
#include "energylens/predictor/group_context.hpp"
#include "parametric/law/terms.hpp"

namespace energylens::parametric {

/// Which part of the law one measured number is compared with. `decode_step` is the time per output token under continuous
/// batching, in which prefill work of newcomers is done between the steps: the whole time over the tokens.
enum class Part { prefill, decode, total, decode_step };

/// One measured number: joules or seconds of one row, or seconds per output token.
struct Observation {
  Terms terms;
  Part part = Part::total;
  double log_measured = 0;
  double weight = 1;    ///< of its squared residual: below 1 where the repeats of the row spread
  double share = 1;     ///< of the row's total that this number is
  std::size_t row = 0;  ///< index into the rows given
};

inline Form form_of(std::span<const Observation> observations) {
  return observations.empty() ? Form::job : observations.front().terms.form;
}

/// How the rows of a group are read.
inline Reading reading_of(const predictor::GroupContext& context, Metric metric) {
  return {context.facts, context.isl_known, metric, form_of(context)};
}
inline Reading reading_of(const predictor::PreparedRows& prepared, Metric metric) {
  return reading_of(prepared.context, metric);
}

/// The observations of one group, in joules or seconds. A row with both phases and a total gives the two phases. A row
/// with one phase and the total gives that phase and the rest, with a smaller weight the smaller the rest is. No joule is
/// counted twice. Rows without the metric, batch, osl or (if the group states it) isl are excluded.
/// Requires: at least one request of every row fits into its KV cache.
std::vector<Observation> observations(std::span<const table::Row> rows, const Reading& reading,
                                      const Reference& reference);

/// The law's value for the part that an observation measures.
double predicted(const Phases& phases, const Observation& observation) noexcept;

}  // namespace energylens::parametric
