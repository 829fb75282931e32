// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "discovery/discover.hpp"

namespace energylens::cli {

/// What to search for, and for how long.
struct DiscoverFlags {
  void declare(Arguments& args);
  /// Throws Error (usage) for flags that do not go together.
  void check() const;
  /// Whether the flags name the columns of any table; else it is a table of measurements of serving.
  bool any_table() const { return !columns_.target.empty(); }
  search::ColumnOptions columns(const std::vector<std::string>& where) const;
  /// The KV capacity and the catalogue are left to the caller.
  discovery::MeasurementOptions measurements() const;
  /// Threads, the token to cancel and the watcher are left to the caller.
  discovery::DiscoveryOptions options() const;
  std::uint64_t seed() const { return options_.search.seed; }

 private:
  discovery::DiscoveryOptions options_;
  discovery::MeasurementOptions measurements_;
  search::ColumnOptions columns_;
  // Flags whose text or default needs more than a copy.
  std::string target_ = "energy", operators_, coefficients_, pick_ = "description-length";
  std::vector<std::string> units_;
  double evaluations_ = kUnknown, time_limit_s_ = kUnknown;
  int train_ = 0;
};

}  // namespace energylens::cli
