// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "energylens/core/rng.hpp"
#include "search/tree/primitive_set.hpp"

namespace energylens::search {

/// Makes random pieces of formulas with given dims. The dims are chosen first, so no piece can have wrong
/// ones.
class Grower {
 public:
  Grower(const PrimitiveSet& primitives, Rng& rng) : primitives_(primitives), rng_(rng) {}

  /// A random part: one to three terms.
  Sum part(std::size_t index);
  /// A term of a part: its dims times those of an allowed constant are the dims of the part.
  std::optional<Term> whole_term(std::size_t part);
  /// A term of exactly these dims. `depth`: how deeply brackets and functions may be nested.
  std::optional<Term> term(const PartPrimitives& part, const Dims& dims, int depth);
  /// A bracket or function with an exponent; nothing if the primitive set has none.
  std::optional<Factor> factor(const PartPrimitives& part, int depth);
  /// A product of inputs with these dims; low degrees are likelier. Null if there is none.
  const Monomial* monomial(const PartPrimitives& part, const Dims& dims);
  /// An exponent of a bracket, such as 1, -1, 2 or 1/2.
  double exponent();

 private:
  std::optional<Factor> bracket(const PartPrimitives& part, int depth);
  std::optional<Factor> function(const PartPrimitives& part, int depth);
  std::optional<Sum> argument(const PartPrimitives& part, const Dims& dims, std::size_t terms, int depth);

  const PrimitiveSet& primitives_;
  Rng& rng_;
};

/// The dims of base^exponent. Requires: a well-typed factor.
Dims dims_of_factor(const Factor& factor, const PrimitiveSet& primitives);

}  // namespace energylens::search
