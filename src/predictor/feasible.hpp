// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/table/row.hpp"

namespace energylens::predictor {

struct Facts;

/// Why a model cannot be spread over GPUs in this layout; "" if it can, as far as the figures are known. tp divides the
/// attention heads and divides the KV heads or is a multiple of them; ep divides the experts; pp divides the layers; tp
/// GPUs are within one node (Facts::gpus_per_node); the weights of a replica fit into the memory that its engine
/// uses (kv_room_bytes). `total_gpus`, unless 0, fill whole nodes and one node of the rest, and hold all groups
/// of tp GPUs. A layout that was measured is feasible whatever this returns.
std::string infeasible(const table::Layout& layout, const Facts& facts, int total_gpus = 0);

/// The factors of `layout` (tp, pp, ep, attention data parallelism) that none of the measured layouts varies, and
/// that differ from theirs. The energy there follows from the prior of the form alone. Replicas (dp) are no direction:
/// their energies add. Empty if no layout was measured.
std::vector<std::string_view> unmeasured_directions(const table::Layout& layout,
                                                    std::span<const table::Layout> measured);

}  // namespace energylens::predictor
