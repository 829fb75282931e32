// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <vector>

#include "search/fit/context.hpp"

namespace energylens::search {

/// A separable problem y = x^a z^b f(rest), reduced to f: the target is divided by the factors that multiply
/// everything, and inputs that occur in them alone are removed.
class SeparatedProblem {
 public:
  /// Finds inputs that enter as powers alone. Null if there are none, or no other inputs.
  static std::unique_ptr<SeparatedProblem> find(const SearchContext& context, const Problem& problem);
  /// Divides by the given factors. Inputs that stand in them as plain powers are removed. Null if the
  /// quotient cannot be searched.
  static std::unique_ptr<SeparatedProblem> divide(std::vector<Factor> factors, const SearchContext& context,
                                                  const Problem& problem);
  SeparatedProblem(const SeparatedProblem&) = delete;
  SeparatedProblem& operator=(const SeparatedProblem&) = delete;

  const SearchContext& context() const { return *context_; }  ///< for the search of f(rest)
  Tree restore(Tree tree) const;                              ///< turns a formula of f into one of y

 private:
  SeparatedProblem() = default;

  std::vector<Factor> powers_;       // the factors that were divided out
  std::vector<std::size_t> inputs_;  // of f, by their number in the whole problem
  Problem problem_;
  Form form_;
  std::unique_ptr<Dataset> dataset_;
  PrimitiveSet primitives_;
  std::unique_ptr<SearchContext> context_;
};

}  // namespace energylens::search
