// SPDX-License-Identifier: Apache-2.0
// From rows to what the solver compares: the part of the law that each measured number stands for.
// Held by observations_test.cpp.
#include "parametric/law/observations.hpp"

#include <cmath>

#include "predictor/row_weight.hpp"

namespace energylens::parametric {
namespace {

constexpr double kLeastPhaseWeight = 0.2;

struct Measured {
  double prefill, decode, total;
};

Measured measured_energies(const table::Results& r) {
  return {r.prefill_energy_j, r.decode_energy_j, r.total_energy_j};
}

Measured measured_times(const table::Results& r) {
  return {r.prefill_time_s, r.decode_time_s, r.total_time_s};
}

struct PartValue {
  Part part;
  double value;
  double share = 1;  ///< of the row's total
  double weight = 1;
};

/// A phase that was measured: the more of the total it is, the more it weighs, so that a fit to phases is not
/// bought with errors of the whole; but even a small one has information that no other number has.
double measured_weight(double share) {
  return kLeastPhaseWeight + (1 - kLeastPhaseWeight) * share;
}

/// What is left of a total after the phase that was measured. The error of the total falls on it whole, so its relative
/// variance is that of the total over its share squared.
double rest_weight(double share) {
  return share * share;
}

std::vector<PartValue> two_phases(double prefill, double decode, double (*prefill_weight)(double),
                                  double (*decode_weight)(double)) {
  const double share = prefill / (prefill + decode);
  return {{Part::prefill, prefill, share, prefill_weight(share)},
          {Part::decode, decode, 1 - share, decode_weight(1 - share)}};
}

/// The numbers of one row that enter the fit, never the same joules twice.
std::vector<PartValue> parts_of(const table::Row& row, Metric metric) {
  const bool decodes = row.config.load.decode_steps() > 0;
  if (metric == Metric::time && decodes && row.config.load.kind == table::RowKind::steady &&
      known(row.results.tpot_s)) {
    return {{Part::decode_step, row.results.tpot_s}};
  }
  Measured m = metric == Metric::energy ? measured_energies(row.results) : measured_times(row.results);
  if (decodes) {
    const double prefill_left = m.total - m.decode, decode_left = m.total - m.prefill;
    if (known(m.prefill) && known(m.decode))
      return two_phases(m.prefill, m.decode, measured_weight, measured_weight);
    if (prefill_left > 0) return two_phases(prefill_left, m.decode, rest_weight, measured_weight);
    if (decode_left > 0) return two_phases(m.prefill, decode_left, measured_weight, rest_weight);
  }
  if (known(m.total)) return {{Part::total, m.total}};
  if (known(m.prefill)) return {{Part::prefill, m.prefill}};
  if (known(m.decode) && decodes) return {{Part::decode, m.decode}};
  return {};
}

bool load_known(const table::Load& load, bool with_isl) {
  return known(load.batch) && known(load.osl) && (known(load.isl) || !with_isl);
}

}  // namespace

std::vector<Observation> observations(std::span<const table::Row> rows, const Reading& reading,
                                      const Reference& reference) {
  const predictor::RowWeights weights(rows);
  std::vector<Observation> out;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const table::Row& row = rows[index];
    if (!load_known(row.config.load, reading.isl_known)) continue;
    const Terms x = terms(row.config, reading, reference);
    for (const PartValue& part : parts_of(row, reading.metric)) {
      if (part.value > 0)
        out.push_back({x, part.part, std::log(part.value), part.weight * weights.of(row), part.share, index});
    }
  }
  return out;
}

double predicted(const Phases& phases, const Observation& observation) noexcept {
  switch (observation.part) {
    case Part::prefill:
      return phases.prefill;
    case Part::decode:
      return phases.decode;
    case Part::total:
      return phases.total();
    case Part::decode_step:
      return phases.total() / observation.terms.tokens;
  }
  return kUnknown;
}

}  // namespace energylens::parametric
