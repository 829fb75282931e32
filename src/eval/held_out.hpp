// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "eval/plan.hpp"

namespace energylens::eval {

/// What a seed hides from training.
struct HeldOut {
  std::vector<std::size_t> scenarios;  ///< indices into the scenarios of the group: the questions
  std::vector<std::size_t> withheld;   ///< further rows that are hidden
};

/// ceil(30 %) of n.
std::size_t held_out_count(std::size_t n);
/// held_out_count(n) of n scenarios, in the order in which a seed draws them.
HeldOut held_out_scenarios(std::uint64_t seed, std::size_t n);
/// A range of `axis` (batch or osl) with the least number of values that holds held_out_count scenarios, and
/// its neighbours. Empty if no scenario has a value on the axis that all its rows share.
HeldOut held_out_block(std::uint64_t seed, const table::Group& group,
                       std::span<const table::Scenario> scenarios, Axis axis);

}  // namespace energylens::eval
