// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>

#include "energylens/table/row.hpp"

namespace energylens::design {

/// Identifies a load. For steady rows it is the limit of the server alone, since the requests in flight and
/// their lengths are measured, not set.
using LoadKey = std::array<double, 8>;
LoadKey key_of(const table::Load& load);

/// Sum of the distances of ln(batch), ln(osl) and ln(isl); for steady loads, of ln(max_batch) alone. A value
/// that is unknown in one of them adds nothing. docs/method/design.md (1).
double log_distance(const table::Load& a, const table::Load& b);

}  // namespace energylens::design
