// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "energylens/expr/expr.hpp"

namespace energylens::search {

struct Term;
/// A sum of terms. A formula is a sum of terms, a term a product of factors, and a factor a power of an
/// input, of a sum in brackets, or of a function of sums. So variants of a formula that differ in order,
/// nesting or cancelling terms are one tree.
using Sum = std::vector<Term>;

struct Factor {
  enum class Kind : std::uint8_t { input, bracket, function };
  Kind kind = Kind::input;
  bool free = false;  ///< the exponent is fitted; `exponent` is its start or its result
  expr::Op function = expr::Op::constant;
  std::uint16_t input = 0;
  double exponent = 1;
  Sum argument;  ///< of a bracket or function
  Sum second;    ///< second argument of min and max
};

struct Term {
  double coefficient = 1;
  bool free = true;  ///< the coefficient is fitted
  std::vector<Factor> factors;
};

/// One formula: the parts of the form, in its order. The coefficients of whole terms are fitted. In brackets
/// the first term has a fixed coefficient of 1 or -1, because the scale of a bracket belongs to the
/// coefficient outside.
struct Tree {
  std::vector<Sum> parts;
};

Factor input_factor(std::size_t input, double exponent = 1);

/// The costs of operators. An input or a number costs 1.
struct OperatorCosts {
  double of[expr::kOps] = {};
  double operator[](expr::Op op) const { return of[static_cast<std::size_t>(op)]; }
};

/// Brings a tree to canonical form, which has the same value: terms and factors are sorted, like ones are
/// merged, brackets of one term are opened, factors with exponent 0 vanish, and brackets are scaled.
/// `positive`: by input, whether all its values are > 0.
void canonicalise(Tree& tree, const std::vector<bool>& positive);

/// Multiplies out the brackets of whole terms, so that their numbers become coefficients. The result is
/// canonical.
void expand(Tree& tree, const std::vector<bool>& positive);

/// Puts two terms of a sum under one coefficient: a A + b B becomes c (A + B), or, unless `same`, c (A + k
/// B) with a fitted k, which groups share. Canonical form then takes what A and B have in common out of the
/// bracket, and removes the bracket if they have nothing in common and the sum is a whole part. Requires: a
/// != b.
void tie_terms(Sum& sum, std::size_t a, std::size_t b, bool same);

/// Hash of the structure: equal for trees that differ only in fitted numbers. Requires: canonical form.
std::uint64_t structure_hash(const Tree& tree) noexcept;
/// Sum of the costs of operators, inputs and constants, as the formula is printed (to_expr).
double complexity(const Tree& tree, const OperatorCosts& costs);

/// A fitted number that is not the coefficient of a whole term: an exponent, or the coefficient of a term in
/// a bracket or function. Points into its tree.
struct InnerConstant {
  double* value;
  bool exponent;
  bool* free;  ///< true; set it to false to fix the number
};
/// The inner constants, in the order of evaluation.
std::vector<InnerConstant> inner_constants(Sum& part);
std::vector<InnerConstant> inner_constants(Tree& tree);
std::size_t count_terms(const Tree& tree) noexcept;
std::size_t count_inner(const Tree& tree) noexcept;
std::size_t count_inner(const Term& term) noexcept;  ///< without its coefficient

}  // namespace energylens::search
