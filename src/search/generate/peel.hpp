// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <vector>

#include "search/fit/judge.hpp"

namespace energylens::search {

/// A problem without the inputs of which the target is a power whatever the others are: y = x^a z^b f(rest).
class Peel {
 public:
  /// Nothing if no input is such, or all are.
  static std::unique_ptr<Peel> of(const Setting& setting, const Problem& problem);
  /// y divided by given factors, the inputs of which remain unless they are inputs themselves.
  static std::unique_ptr<Peel> by(std::vector<Factor> factors, const Setting& setting,
                                  const Problem& problem);
  Peel(const Peel&) = delete;
  Peel& operator=(const Peel&) = delete;

  const Setting& setting() const { return *setting_; }  ///< of f(rest)
  Tree put_back(Tree tree) const;                       ///< a formula of f as one of y

 private:
  Peel() = default;

  std::vector<Factor> powers_;       // what was peeled off
  std::vector<std::size_t> inputs_;  // of the rest, as numbered in the whole
  Problem problem_;
  Form form_;
  std::unique_ptr<Sheet> sheet_;
  Vocabulary vocabulary_;
  std::unique_ptr<Setting> setting_;
};

}  // namespace energylens::search
