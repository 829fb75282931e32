// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"
#include "search/problem/dims.hpp"
#include "search/problem/form.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {

/// A product of powers of inputs, of low degree.
struct Monomial {
  std::vector<Factor> factors;
  Dims dims;
  double degree = 0;  ///< sum of sizes of exponents, halves counted as wholes
};

/// What the terms of one part may be made of.
struct PartPrimitives {
  std::vector<std::size_t> inputs;
  Dims dims;                        ///< of the part; none where units are off
  std::vector<Monomial> monomials;  ///< by rising degree; the first is 1
  std::unordered_map<Dims, std::vector<std::size_t>, DimsHash>
      by_dims;               ///< of the monomials, by rising degree
  std::vector<Dims> common;  ///< dims that two monomials or more of low degree have: of brackets

  const std::vector<std::size_t>& of(const Dims& dims) const;
};

/// What formulas are made of.
struct PrimitiveSet {
  std::vector<std::string> names;  ///< of the inputs
  std::vector<Dims> input_dims;
  std::vector<bool> positive;  ///< by input
  Prices prices;
  std::vector<expr::Op> functions;  ///< of one or two arguments, but sqrt
  bool powers = true, roots = true, quotients = true, differences = true;
  bool real_exponents = false;
  double max_complexity = 40;
  std::vector<Dims> constants;  ///< of coefficients of terms; the first is none
  std::vector<PartPrimitives> parts;
};

/// Throws Error (bad input) where units admit no formula, naming them.
PrimitiveSet make_primitive_set(const Problem& problem, const Form& form, const Options& options);

/// The dims of a term without its coefficient, and whether it is well typed: brackets of equal dims,
/// functions and fitted exponents of none.
bool typed(const Term& term, const PrimitiveSet& primitives, Dims& dims);
/// Whether every term of the part has its dims, up to those of constants.
bool typed(const Sum& part, const PartPrimitives& of, const PrimitiveSet& primitives);
bool typed(const Tree& tree, const PrimitiveSet& primitives);

/// Frees the exponents of inputs in whole terms, where they may be fitted. Returns how many it freed.
std::size_t free_exponents(Sum& part, const PrimitiveSet& primitives);

/// Sets fitted exponents of inputs in whole terms to the multiple of 1/2 that they are near. Returns how many.
std::size_t snap_exponents(Sum& part);

}  // namespace energylens::search
