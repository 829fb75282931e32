// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "energylens/discovery/measurements.hpp"
#include "energylens/search/columns.hpp"
#include "energylens/search/front.hpp"

namespace energylens::cli {

/// What is looked for, and how long.
struct DiscoverFlags {
  void declare(Arguments& args);
  /// Throws Error (usage) for flags that do not go together.
  void check() const;
  /// Whether the table is any table, whose columns the flags name.
  bool any_table() const { return !y.empty(); }
  bool energy() const { return target == "energy"; }
  search::ColumnOptions columns(const std::vector<std::string>& where) const;
  /// The limits, prices and guesses laid over `options`.
  search::Options search(search::Options options) const;
  /// Marks the formula that --pick names.
  void pick_from(search::Front& front) const;
  /// Of each row of the problem, whether the search sees it: --train rows of each group, at random; all if
  /// not given.
  std::vector<bool> searched(const search::Problem& problem) const;

  std::string target = "energy", form, operators, checkpoint, pick = "description-length";
  std::string y;
  std::vector<std::string> x, by, units, guesses, quantities, tags;
  std::string coefficients;
  double time_limit_s = kUnknown, evaluations = kUnknown, max_complexity = 40;
  int train = 0;
  std::uint64_t seed = 0;
  bool resume = false;
};

}  // namespace energylens::cli
