// SPDX-License-Identifier: Apache-2.0
// A wrong unit is off by a thousand, energy of one GPU for all by their number. Where the time is known too,
// the table has refused such rows by their power; these are the means where it is not. Held by
// plausible_test.cpp.
#include "parametric/law/plausible.hpp"

#include <cmath>

#include "core/rounded_text.hpp"

namespace energylens::parametric {
namespace {

/// A row that is off by more than this factor is not explained by any kernel.
constexpr double kFarOff = 4;
/// Of TDP / peak operations: no known chip computes several times more efficiently than at its rated point.
constexpr double kCheapest = 0.2;

/// Rows of one kind of slip, and the one that shows it best.
struct Slips {
  std::size_t count = 0;
  double worst = 1;  ///< factor, above 1
  const table::Row* row = nullptr;

  void add(double factor, const table::Row& slip) {
    ++count;
    if (factor <= worst) return;
    worst = factor;
    row = &slip;
  }
  std::string rows() const { return std::to_string(count) + (count == 1 ? " row" : " rows"); }
  std::string place() const { return row->file + ':' + std::to_string(row->line); }
};

/// Joules that the multiplications and additions of a job take at the rated point of its GPU: 2 per active
/// parameter and token.
double arithmetic_j(const predictor::Facts& facts, const table::Load& load) {
  const double tokens = load.osl + load.isl_or(0) - (known(load.cached_tokens) ? load.cached_tokens : 0);
  return 2 * facts.active_params * load.batch * tokens * facts.gpu_tdp_w / facts.gpu_peak_flops;
}

Slips below_arithmetic(const predictor::PreparedRows& prepared) {
  Slips slips;
  for (const table::Row& row : prepared.rows) {
    const double energy = row.results.total_energy_j;
    if (row.config.load.kind != table::RowKind::job || !(energy > 0)) continue;
    const double least = kCheapest * arithmetic_j(prepared.context.facts, row.config.load);
    if (energy < least) slips.add(least / energy, row);
  }
  return slips;
}

Slips far_off(const predictor::PreparedRows& prepared, const LawFit& fit) {
  Slips slips;
  for (const table::Row& row : prepared.rows) {
    const double energy = row.results.total_energy_j;
    const table::Load& load = row.config.load;
    if (load.kind != table::RowKind::job || !(energy > 0 && load.osl > 0 && load.batch > 0)) continue;
    const double ratio =
        energy / evaluate(fit.parameters, terms(row.config, reading_of(prepared, Metric::energy))).total();
    const double factor = std::max(ratio, 1 / ratio);
    if (factor > kFarOff) slips.add(factor, row);
  }
  return slips;
}

}  // namespace

std::string below_arithmetic_text(const predictor::PreparedRows& prepared) {
  const Slips slips = below_arithmetic(prepared);
  if (slips.count == 0) return {};
  return slips.rows() + (slips.count == 1 ? " states" : " state") +
         " less energy than the arithmetic of the model requires on this GPU, the worst at " + slips.place() +
         ": is total_energy_j in kJ, per GPU or per request by mistake?";
}

std::vector<std::string> implausible_rows(const predictor::PreparedRows& prepared, const GroupLaw& law) {
  std::vector<std::string> out;
  if (std::string low = below_arithmetic_text(prepared); !low.empty()) out.push_back(std::move(low));
  if (!law.energy) return out;
  if (const Slips slips = far_off(prepared, *law.energy); slips.count > 0) {
    out.push_back(slips.rows() + (slips.count == 1 ? " differs" : " differ") +
                  " from the law by a factor of more than " + rounded_text(kFarOff) + ", the worst at " +
                  slips.place() + " by " + rounded_text(slips.worst, 3) + ": is a unit or a label wrong?");
  }
  return out;
}

}  // namespace energylens::parametric
