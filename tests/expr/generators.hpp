// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ostream>

#include "energylens/expr/text.hpp"
#include "expr/random_expression.hpp"

namespace energylens::expr {

/// Random expressions for properties; counterexamples print as formulas. Properties run 1,000 times from a
/// fixed seed; set RC_PARAMS to change either.
rc::Gen<Expr> any_expression(const Vocabulary& vocabulary, std::size_t max_nodes);

void showValue(const Expr& expr, std::ostream& os);

}  // namespace energylens::expr
