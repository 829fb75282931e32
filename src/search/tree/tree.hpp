// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "energylens/expr/expr.hpp"

namespace energylens::search {

struct Term;
/// Added up. A formula is a sum of terms, a term a product of factors, a factor a power of an input, of a sum
/// in brackets or of a function of sums: so commuted, nested and cancelling variants of a formula are one
/// tree.
using Sum = std::vector<Term>;

struct Factor {
  enum class Kind : std::uint8_t { input, bracket, function };
  Kind kind = Kind::input;
  bool free = false;  ///< the exponent is fitted; `exponent` is where a fit begins, or what it found
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

/// One formula: the parts of the form, in its order. The coefficients of its terms are fitted (free); in
/// brackets the first term has a fixed coefficient of 1 or -1, because the scale of a bracket belongs to the
/// coefficient outside.
struct Tree {
  std::vector<Sum> parts;
};

Factor input_factor(std::size_t input, double exponent = 1);

/// What operators cost, and what a leaf costs: 1.
struct Prices {
  double of[expr::kOps] = {};
  double operator[](expr::Op op) const { return of[static_cast<std::size_t>(op)]; }
};

/// The same value in one order of terms and factors: like factors and like terms are one, brackets of one
/// term are opened, zero exponents vanish, brackets are scaled. `positive` tells of each input whether all
/// its values are.
void canonicalise(Tree& tree, const std::vector<bool>& positive);

/// Multiplies brackets of whole terms out, so that their numbers become coefficients; canonical again.
void expand(Tree& tree, const std::vector<bool>& positive);

/// Puts two terms of a sum under one coefficient: a A + b B becomes c (A + B); unless `same`, c (A + k B)
/// with a fitted k, which groups share. Canonical form takes what A and B have in common out of the bracket,
/// and if they have nothing in common and the sum is a whole part, the bracket away. Requires: a != b.
void tie_terms(Sum& sum, std::size_t a, std::size_t b, bool same);

/// Hash of the structure: equal for trees that differ in fitted numbers only. Requires: canonical.
std::uint64_t structure_hash(const Tree& tree) noexcept;
/// Sum of prices of operators, inputs and constants as the formula is printed (to_expr).
double complexity(const Tree& tree, const Prices& prices);

/// A fitted number other than the coefficient of a whole term: an exponent, or what multiplies a term of a
/// bracket or function. Points into its tree.
struct InnerConstant {
  double* value;
  bool exponent;
  bool* free;  ///< true; set to false, it is a fixed number from then on
};
/// In the order in which evaluation finds them.
std::vector<InnerConstant> inner_constants(Sum& part);
std::vector<InnerConstant> inner_constants(Tree& tree);
std::size_t count_terms(const Tree& tree) noexcept;
std::size_t count_inner(const Tree& tree) noexcept;
std::size_t count_inner(const Term& term) noexcept;  ///< but for its coefficient

}  // namespace energylens::search
