// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/model.hpp"
#include "parametric/fit/prepare.hpp"

namespace energylens::law {

/// What people should know of rows whose energy looks like a slip, one sentence per kind of slip: less than
/// the arithmetic of the model takes on that GPU, or far off the law that the other rows gave.
std::vector<std::string> implausible_rows(const Prepared& prepared, const GroupLaw& law);

}  // namespace energylens::law
