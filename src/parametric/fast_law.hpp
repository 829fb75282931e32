// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "energylens/parametric/parameters.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/table/row.hpp"

namespace energylens::parametric {

/// One fitted law without its uncertainty: the part of GroupLaw for one metric.
struct PlainLaw {
  Parameters parameters{};
  predictor::Facts facts;
  bool isl_known = true;  ///< false: prefill is one constant per request; isl only fills the KV cache
  Metric metric = Metric::energy;  ///< `parameters` give joules, which replicas add up, or seconds
};

/// A layout of jobs, with the KV tokens of one replica; unknown = unlimited.
struct FastLayout {
  table::Layout layout;
  double kv_capacity_tokens = kUnknown;
};

/// Columns of `job` rows, all of the same length. Plain requests: nothing cached, one token per step.
struct Jobs {
  std::span<const std::uint32_t> layout;  ///< indices into the layouts of the FastLaw
  std::span<const double> batch;          ///< requests over all replicas, >= 0
  std::span<const double> isl, osl;       ///< tokens per request; osl >= 1; isl may be NaN if not isl_known
};

/// The law of whole jobs with waves and replicas, docs/method/law.md (3), for sweeps over very many configurations in any
/// order. Returns the total energy (J) or time (s) only. Agrees with job_formula to 1e-12.
/// Immutable; safe from any thread.
class FastLaw {
 public:
  /// Takes some tenths of a millisecond, because powers of whole wave sizes are tabulated.
  FastLaw(const PlainLaw& law, std::span<const FastLayout> layouts);

  /// out[i] for job i. NaN where no request fits (M = 0) and where an input is NaN or negative. A batch that is not a
  /// whole number, or a wave of at least 4096 requests, needs three more powers. Requires: columns as long as `out`, which overlaps none of them; layout indices in range.
  void evaluate(const Jobs& jobs, std::span<double> out) const;

 private:
  friend struct FastKernel;

  /// The factors of a layout, including its replicas.
  struct LayoutFactors {
    double prefill, weights, work;  ///< of the wave terms
    double cache;                   ///< of one token in the cache
    double blocks;                  ///< KV blocks of one replica
    double replicas;
  };

  /// The sums over requests that do not grow linearly with them: B^b4, and the share of the weights read.
  struct WavePowers {
    double growth, weights;
  };

  WavePowers wave_powers(double size) const;

  PlainLaw law_;
  std::vector<LayoutFactors> layouts_;
  std::vector<WavePowers> powers_;  ///< by whole requests of a wave; all 0 for none
};

}  // namespace energylens::parametric
