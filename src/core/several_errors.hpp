// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include "energylens/core/error.hpp"

namespace energylens {

/// Several mistakes of one input: the first of them, which lists the others.
class SeveralErrors : public Error {
 public:
  /// `count`: of all mistakes, also of those that are not listed. Requires: `errors` is not empty and has at most `count`.
  SeveralErrors(std::vector<Error> errors, std::size_t count)
      : Error(errors.front()), others_(errors.begin() + 1, errors.end()), count_(count) {}

  const std::vector<Error>& others() const noexcept { return others_; }
  std::size_t count() const noexcept { return count_; }

 private:
  std::vector<Error> others_;
  std::size_t count_;
};

}  // namespace energylens
