// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "energylens/core/rng.hpp"
#include "search/tree/vocabulary.hpp"

namespace energylens::search {

/// Random pieces of formulas of given dims. No piece of wrong dims can come of it: dims are chosen before
/// what has them.
class Grower {
 public:
  Grower(const Vocabulary& vocabulary, Rng& rng) : v_(vocabulary), rng_(rng) {}

  /// A whole random part: one to three terms.
  Sum part(std::size_t index);
  /// A term of a part, with its dims up to those of a constant.
  std::optional<Term> whole_term(std::size_t part);
  /// A term of exactly these dims. `depth`: how many brackets and functions may be inside each other.
  std::optional<Term> term(const PartVocabulary& part, const Dims& dims, int depth);
  /// A bracket or function with an exponent; nothing if the vocabulary has none.
  std::optional<Factor> factor(const PartVocabulary& part, int depth);
  /// A product of inputs; low degrees are likelier.
  const Monomial* monomial(const PartVocabulary& part, const Dims& dims);
  /// Some exponents of a bracket: 1, -1, 2, 1/2, ...
  double exponent();

 private:
  std::optional<Factor> bracket(const PartVocabulary& part, int depth);
  std::optional<Factor> function(const PartVocabulary& part, int depth);
  std::optional<Sum> argument(const PartVocabulary& part, const Dims& dims, std::size_t terms, int depth);

  const Vocabulary& v_;
  Rng& rng_;
};

/// The dims of base^exponent; requires a typed factor.
Dims dims_of_factor(const Factor& factor, const Vocabulary& vocabulary);

}  // namespace energylens::search
