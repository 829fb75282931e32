// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <vector>

#include "search/fit/context.hpp"

namespace energylens::search {

/// A problem without the inputs of which the target is a power whatever the others are: y = x^a z^b f(rest).
class SeparatedProblem {
 public:
  /// Nothing if no input is such, or all are.
  static std::unique_ptr<SeparatedProblem> of(const SearchContext& context, const Problem& problem);
  /// y divided by given factors, the inputs of which remain unless they are inputs themselves.
  static std::unique_ptr<SeparatedProblem> by(std::vector<Factor> factors, const SearchContext& context,
                                              const Problem& problem);
  SeparatedProblem(const SeparatedProblem&) = delete;
  SeparatedProblem& operator=(const SeparatedProblem&) = delete;

  const SearchContext& context() const { return *context_; }  ///< of f(rest)
  Tree restore(Tree tree) const;                              ///< a formula of f as one of y

 private:
  SeparatedProblem() = default;

  std::vector<Factor> powers_;       // what was peeled off
  std::vector<std::size_t> inputs_;  // of the rest, as numbered in the whole
  Problem problem_;
  Form form_;
  std::unique_ptr<Dataset> dataset_;
  PrimitiveSet primitives_;
  std::unique_ptr<SearchContext> context_;
};

}  // namespace energylens::search
