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
  double degree = 0;  ///< sum of the sizes of exponents; a half counts as a whole
};

/// What the terms of one part may consist of.
struct PartPrimitives {
  std::vector<std::size_t> inputs;
  Dims dims;                        ///< of the part; none if units are off
  std::vector<Monomial> monomials;  ///< by rising degree; the first is 1
  std::unordered_map<Dims, std::vector<std::size_t>, DimsHash>
      by_dims;               ///< indices of monomials, by rising degree
  std::vector<Dims> common;  ///< dims of at least two monomials of low degree, hence of brackets

  const std::vector<std::size_t>& of(const Dims& dims) const;
};

/// What formulas may consist of: inputs, operators with their costs, and products of inputs by dims.
struct PrimitiveSet {
  std::vector<std::string> names;  ///< names of the inputs
  std::vector<Dims> input_dims;
  std::vector<bool> positive;  ///< by input: all values are > 0
  OperatorCosts costs;
  std::vector<expr::Op> functions;  ///< of one or two arguments, without sqrt
  bool powers = true, roots = true, quotients = true, differences = true;
  bool real_exponents = false;
  double max_complexity = 40;
  std::vector<Dims> constants;  ///< dims that coefficients of terms may have; the first is none
  std::vector<PartPrimitives> parts;
};

/// Throws Error (bad input) if no formula has the unit of the target; the message lists the units.
PrimitiveSet make_primitive_set(const Problem& problem, const Form& form, const Options& options);

/// Finds the dims of a term without its coefficient. Returns false unless it is well typed: terms of a
/// bracket have equal dims, and arguments of functions and bases of fitted exponents have none.
bool typed(const Term& term, const PrimitiveSet& primitives, Dims& dims);
/// Whether every term of the part has its dims, up to those of an allowed constant.
bool typed(const Sum& part, const PartPrimitives& of, const PrimitiveSet& primitives);
bool typed(const Tree& tree, const PrimitiveSet& primitives);

/// Makes the exponents of inputs in whole terms fitted, where that is allowed. Returns how many it changed.
std::size_t free_exponents(Sum& part, const PrimitiveSet& primitives);

/// Snaps fitted exponents of inputs in whole terms to a multiple of 1/2 near them. Returns how many it
/// changed.
std::size_t snap_exponents(Sum& part);

}  // namespace energylens::search
