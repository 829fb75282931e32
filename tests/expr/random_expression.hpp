// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/core/rng.hpp"
#include "energylens/expr/expr.hpp"

namespace energylens::expr {

/// What random_expression draws from.
struct Vocabulary {
  std::vector<Op> operators;
  std::vector<std::string> variables;
  std::vector<std::string> parameters;
  std::vector<double> constants;
};

/// Every operator, a few names, and constants with signs, exponents and special values.
const Vocabulary& whole_vocabulary();
/// + - * / over five variables and tame constants.
const Vocabulary& arithmetic_vocabulary();
/// The same with exp, log and power.
const Vocabulary& transcendental_vocabulary();

/// A random tree of at most `max_nodes` nodes (at least 1). Same state of `rng`, same tree.
Expr random_expression(Rng& rng, const Vocabulary& vocabulary, std::size_t max_nodes);

/// Every tree of exactly `nodes` nodes over the vocabulary.
std::vector<Expr> all_expressions(const Vocabulary& vocabulary, std::size_t nodes);

}  // namespace energylens::expr
