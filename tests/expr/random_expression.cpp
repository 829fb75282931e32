// SPDX-License-Identifier: Apache-2.0
#include "expr/random_expression.hpp"

#include <limits>

#include "energylens/core/number_text.hpp"

namespace energylens::expr {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

std::vector<Op> operators_of_arity(const Vocabulary& vocabulary, int wanted) {
  std::vector<Op> found;
  for (const Op op : vocabulary.operators) {
    if (arity(op) == wanted) found.push_back(op);
  }
  return found;
}

std::vector<Expr> leaves(const Vocabulary& vocabulary) {
  std::vector<Expr> found;
  for (const std::string& name : vocabulary.variables) found.push_back(Expr::variable(name));
  for (const std::string& name : vocabulary.parameters) found.push_back(Expr::parameter(name));
  for (const double value : vocabulary.constants) found.push_back(Expr::constant(value));
  return found;
}

}  // namespace

const Vocabulary& whole_vocabulary() {
  static const Vocabulary vocabulary = [] {
    Vocabulary v;
    for (std::size_t op = static_cast<std::size_t>(Op::add); op < kOps; ++op)
      v.operators.push_back(static_cast<Op>(op));
    v.variables = {"x", "y", "isl"};
    v.parameters = {"a0", "b12"};
    v.constants = {0,    1,     -1,      2, -2, 0.5, 3, 0.1, -1e-300, 1e22, 5e-324, -0.0, 12345.678901234567,
                   kInf, -kInf, kUnknown};
    return v;
  }();
  return vocabulary;
}

const Vocabulary& arithmetic_vocabulary() {
  static const Vocabulary vocabulary{{Op::add, Op::subtract, Op::multiply, Op::divide},
                                     {"x1", "x2", "x3", "x4", "x5"},
                                     {},
                                     {0.5, 2, 3.14, -1.5}};
  return vocabulary;
}

const Vocabulary& transcendental_vocabulary() {
  static const Vocabulary vocabulary{
      {Op::add, Op::subtract, Op::multiply, Op::divide, Op::exp, Op::log, Op::power},
      arithmetic_vocabulary().variables,
      {},
      arithmetic_vocabulary().constants};
  return vocabulary;
}

Expr random_expression(Rng& rng, const Vocabulary& vocabulary, std::size_t max_nodes) {
  const std::vector<Op> unary = operators_of_arity(vocabulary, 1);
  const std::size_t size = 1 + rng.below(max_nodes);
  const std::size_t choices = size < 3 ? unary.size() : vocabulary.operators.size();
  if (size == 1 || choices == 0) {
    const std::vector<Expr> found = leaves(vocabulary);
    return found[rng.below(found.size())];
  }
  const Op op = size < 3 ? unary[rng.below(choices)] : vocabulary.operators[rng.below(choices)];
  if (arity(op) == 1) return Expr::apply(op, random_expression(rng, vocabulary, size - 1));
  const std::size_t left = 1 + rng.below(size - 2);
  Expr a = random_expression(rng, vocabulary, left);
  return Expr::apply(op, std::move(a), random_expression(rng, vocabulary, size - 1 - left));
}

std::vector<Expr> all_expressions(const Vocabulary& vocabulary, std::size_t nodes) {
  if (nodes <= 1) return nodes == 1 ? leaves(vocabulary) : std::vector<Expr>();
  std::vector<Expr> found;
  for (const Op op : operators_of_arity(vocabulary, 1)) {
    for (Expr& operand : all_expressions(vocabulary, nodes - 1))
      found.push_back(Expr::apply(op, std::move(operand)));
  }
  for (std::size_t left = 1; left + 1 < nodes; ++left) {
    const std::vector<Expr> lefts = all_expressions(vocabulary, left);
    const std::vector<Expr> rights = all_expressions(vocabulary, nodes - 1 - left);
    for (const Op op : operators_of_arity(vocabulary, 2)) {
      for (const Expr& a : lefts) {
        for (const Expr& b : rights) found.push_back(Expr::apply(op, a, b));
      }
    }
  }
  return found;
}

}  // namespace energylens::expr
