// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/expr/interval.hpp"

namespace energylens::expr {

/// What an operator makes of ranges of its operands; a unary operator ignores `b`. There is one for each
/// operator.
template <Op op>
Interval range(const Interval& a, const Interval& b);

}  // namespace energylens::expr
