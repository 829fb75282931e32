// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "eval/record.hpp"

namespace energylens::eval {

/// Sets two predictors against each other on what both answered, over all groups. docs/method/evaluation.md
/// defines the figures. The names of the result are left blank.
Comparison compare(const Plan& plan, const Record& first, const Record& second);

}  // namespace energylens::eval
