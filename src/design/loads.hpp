// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>

#include "energylens/table/row.hpp"

namespace energylens::design {

/// What tells loads apart: of steady rows the limit of the server alone, since what is in flight and how long
/// requests are is measured, not set.
using LoadKey = std::array<double, 7>;
LoadKey key_of(const table::Load& load);

/// Sum of the distances of ln(batch), ln(osl) and ln(isl); of steady loads, of ln(max_batch) alone. What one
/// of the two does not know adds nothing. docs/method/design.md (1).
double log_distance(const table::Load& a, const table::Load& b);

}  // namespace energylens::design
