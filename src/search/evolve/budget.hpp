// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>

#include "energylens/search/options.hpp"

namespace energylens::search {

/// The limits of a search in time and evaluations. A share of both is reserved for the local search over the
/// front, until it is released.
class Budget {
 public:
  explicit Budget(const Options& options);

  double seconds() const;  ///< since the search began, including the time before a resume
  bool cancelled() const { return options_.cancel && options_.cancel->cancelled(); }
  bool out_of_time() const;
  /// Evaluations that may still be made after `done`; a very large number if they are not limited.
  std::uint64_t evaluations_left(std::uint64_t done) const;

  void add_earlier_seconds(double seconds) { earlier_seconds_ += seconds; }
  void release_reserve() { reserved_ = false; }

 private:
  double processor_seconds() const;

  const Options& options_;
  std::chrono::steady_clock::time_point began_;
  double processor_began_ = 0, earlier_seconds_ = 0;
  bool reserved_ = true;
};

}  // namespace energylens::search
