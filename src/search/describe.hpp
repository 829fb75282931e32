// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "archive.hpp"
#include "energylens/search/front.hpp"
#include "judge.hpp"

namespace energylens::search {

/// The formulas of an archive for people: constants fitted with care, numbers that may be simple made simple,
/// description lengths, and one chosen.
std::vector<Formula> describe(const Archive& archive, const Setting& setting, const Problem& problem,
                              const Form& form, const RunOptions& run);

/// One member as it stands.
Formula formula_of(const Member& member, const Setting& setting, const Form& form);

}  // namespace energylens::search
