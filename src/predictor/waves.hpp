// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <array>

#include "energylens/table/row.hpp"

namespace energylens::predictor {

inline constexpr double kKvBlockTokens = 64;  ///< where the engine is not known

/// M: how many requests of isl + osl tokens fit at once into a KV cache of C tokens kept in blocks of b:
/// floor(C / (b ceil((isl+osl)/b))). Infinite for an unknown capacity. 0: the row is invalid. Unknown lengths count
/// as 0. Source: docs/method/law.md (2).
double requests_at_once(double capacity_tokens, double isl, double osl,
                        double block_tokens = kKvBlockTokens) noexcept;
double requests_at_once(const table::Configuration& config) noexcept;

/// Replicas whose energies add: dp, but 1 where attention is data parallel under expert parallelism.
double replicas(const table::Layout& layout) noexcept;

/// How the requests of one replica run: `full` waves of `size` requests and one wave of `remainder` requests (may be 0).
struct Waves {
  double full = 0;       ///< number of full waves
  double size = 0;       ///< requests in a full wave (0 if there is none)
  double remainder = 0;  ///< requests in the last wave
  double count() const { return full + (remainder > 0 ? 1 : 0); }
};

/// Waves of the replica with the most requests, which ends last. A job over dp replicas is shared out in whole requests:
/// some replicas have one more than the others. A wave has at most M requests, and at most max_batch / dp where a server
/// limits them. `steady` rows, and jobs of a mean number of requests, are shared evenly. `steady` rows are one wave of the
/// `batch` requests in flight, which the caller has limited to M. Invalid (count() == 0) when M = 0. Source: docs/method/law.md (3).
Waves waves(const table::Configuration& config) noexcept;

/// Waves of one size in all replicas together.
struct EqualWaves {
  double count = 0, size = 0;
};
/// The waves of all replicas by size, for what adds up over them: the full ones, the last ones of the replicas with fewer
/// requests, and those of the others. A count of 0: there are none.
std::array<EqualWaves, 3> waves_of_all_replicas(const table::Configuration& config) noexcept;

}  // namespace energylens::predictor
