// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "energylens/core/rng.hpp"
#include "search/tree/primitive_set.hpp"

namespace energylens::search {

/// Random pieces of formulas of given dims. No piece of wrong dims can come of it: dims are chosen before
/// what has them.
class Grower {
 public:
  Grower(const PrimitiveSet& primitives, Rng& rng) : v_(primitives), rng_(rng) {}

  /// A whole random part: one to three terms.
  Sum part(std::size_t index);
  /// A term of a part, with its dims up to those of a constant.
  std::optional<Term> whole_term(std::size_t part);
  /// A term of exactly these dims. `depth`: how many brackets and functions may be inside each other.
  std::optional<Term> term(const PartPrimitives& part, const Dims& dims, int depth);
  /// A bracket or function with an exponent; nothing if the primitives has none.
  std::optional<Factor> factor(const PartPrimitives& part, int depth);
  /// A product of inputs; low degrees are likelier.
  const Monomial* monomial(const PartPrimitives& part, const Dims& dims);
  /// Some exponents of a bracket: 1, -1, 2, 1/2, ...
  double exponent();

 private:
  std::optional<Factor> bracket(const PartPrimitives& part, int depth);
  std::optional<Factor> function(const PartPrimitives& part, int depth);
  std::optional<Sum> argument(const PartPrimitives& part, const Dims& dims, std::size_t terms, int depth);

  const PrimitiveSet& v_;
  Rng& rng_;
};

/// The dims of base^exponent; requires a typed factor.
Dims dims_of_factor(const Factor& factor, const PrimitiveSet& primitives);

}  // namespace energylens::search
