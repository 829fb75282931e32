// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/several_errors.hpp"

namespace energylens::table {

/// The mistakes of one file, so that a user sees them together.
class Mistakes {
 public:
  /// Beyond this many the rest of a file is not read.
  static constexpr std::size_t kMost = 1000;

  void add(Error error) {
    ++count_;
    if (first_.size() < kListed) first_.push_back(std::move(error));
  }
  bool too_many() const { return count_ >= kMost; }
  /// Throws one Error for all of them: the first by line, which lists the others.
  void throw_if_any() {
    if (count_ == 0) return;
    std::ranges::stable_sort(first_, {}, [](const Error& error) { return error.place().line; });
    if (count_ == 1) throw first_.front();
    throw SeveralErrors(std::move(first_), count_);
  }

 private:
  static constexpr std::size_t kListed = 20;
  std::vector<Error> first_;
  std::size_t count_ = 0;
};

}  // namespace energylens::table
