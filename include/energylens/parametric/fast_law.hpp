// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "energylens/parametric/parameters.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/table/row.hpp"

namespace energylens::law {

/// One fitted law without its uncertainty: what GroupLaw holds for one target.
struct PlainLaw {
  Parameters parameters{};
  predictor::Facts facts;
  bool isl_known =
      true;  ///< false: prefill is one constant per request; isl fills the KV cache and nothing else
  bool energy = true;  ///< `parameters` give joules, which replicas add up; else seconds
};

/// A layout that jobs may name, with the KV tokens of one replica; unknown = unlimited.
struct FastLayout {
  table::Layout layout;
  double kv_capacity_tokens = kUnknown;
};

/// Columns of `job` rows, all of one length; plain requests: nothing cached, one token a step.
struct Jobs {
  std::span<const std::uint32_t> layout;  ///< indices into the layouts of the FastLaw
  std::span<const double> batch;          ///< requests over all replicas, >= 0
  std::span<const double> isl, osl;       ///< tokens per request; osl >= 1; isl may be NaN if not isl_known
};

/// The law of whole jobs, waves and replicas included, docs/law.md (3), for sweeps over very many
/// configurations in any order: the total energy (J) or time (s) only. Agrees with job_formula to 1e-12.
/// Immutable; safe from any thread.
class FastLaw {
 public:
  /// Costs some tenths of a millisecond per number of replicas that occurs: powers of whole batches are
  /// tabulated.
  FastLaw(const PlainLaw& law, std::span<const FastLayout> layouts);

  /// out[i] for job i. NaN where not one request fits (M = 0) and where an input is NaN or negative. A batch
  /// that is not a whole number, or a wave of 4096 requests and more over all replicas, costs two powers
  /// more. Requires: columns as long as `out`, which overlaps none of them; layout indices in range.
  void evaluate(const Jobs& jobs, std::span<double> out) const;

 private:
  friend struct FastKernel;

  /// What a layout multiplies, its replicas included.
  struct LayoutFactors {
    double prefill, weights, work;  ///< of the wave terms
    double cache;                   ///< of one token in the cache
    double blocks;                  ///< KV blocks of one replica
    double replicas;
    double table;  ///< where its rows of `powers_` begin
  };

  /// The sums over requests that do not grow linearly with them: B^b4, and the share of the weights read.
  struct WavePowers {
    double growth, weights;
  };

  WavePowers wave_powers(double batch) const;
  double table_of(double replicas);

  PlainLaw law_;
  std::vector<LayoutFactors> layouts_;
  std::vector<double> tabulated_replicas_;
  std::vector<WavePowers> powers_;  ///< one run of kTabulated for every number of replicas; all 0 for batch 0
};

}  // namespace energylens::law
