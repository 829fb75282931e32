// SPDX-License-Identifier: Apache-2.0
// discover.cpp: from a table to formulas with their properties. Formulas are tested on rows that the search
// did not see, and only after that one of them is chosen; the most expensive step, the profile intervals, is
// for the chosen one alone. Held by tests/discovery/discover_test.cpp.
#include "discovery/discover.hpp"

#include <utility>

#include "energylens/core/rng.hpp"
#include "search/assess.hpp"

namespace energylens::discovery {
namespace {

/// By row of the problem, whether the search sees it.
std::vector<bool> training_rows(const search::Problem& problem, const DiscoveryOptions& options) {
  if (options.train == 0) return std::vector<bool>(problem.rows(), true);
  std::vector<bool> training(problem.rows(), false);
  std::vector<std::size_t> drawn(problem.group_count());
  for (const std::size_t row : shuffled_order(splitmix64(options.search.seed), problem.rows())) {
    std::size_t& of_group = drawn[problem.group_of(row)];
    if (of_group == options.train) continue;
    training[row] = true;
    ++of_group;
  }
  return training;
}

/// What the caller asks for, with what suits the table.
search::Options search_options(const DiscoveryOptions& options, const search::Options& suited) {
  search::Options out = options.search;
  out.loss = suited.loss;
  out.positive_coefficients = suited.positive_coefficients;
  out.real_exponents = suited.real_exponents;
  out.rising = suited.rising;
  out.concave = suited.concave;
  out.operators = options.operators.value_or(suited.operators);
  out.constant_units = options.constant_units.value_or(suited.constant_units);
  out.coefficients = options.coefficients.value_or(suited.coefficients);
  return out;
}

std::vector<std::string> all_warnings(const Discovery& found) {
  std::vector<std::string> out = search::warnings(found.problem);
  for (std::string& warning : search::warnings(found.front)) out.push_back(std::move(warning));
  return out;
}

Discovery discover_in(const search::Problem& whole, const search::Options& suited,
                      const DiscoveryOptions& options) {
  const search::Options search = search_options(options, suited);
  const std::vector<bool> training = training_rows(whole, options);
  Discovery found;
  found.problem = search::subset(whole, training);
  search::set_constants_aside(found.problem);
  for (std::size_t row = 0; row < training.size(); ++row) {
    if (training[row]) found.rows.push_back(row);
  }
  found.front = search::search(found.problem, search);
  found.warnings = all_warnings(found);
  search::judge_unseen(found.front, whole, training);
  search::pick(found.front, options.pick, options.pick_complexity);
  search::assess(found.front, found.problem, search);
  return found;
}

}  // namespace

Discovery discover(const Measurements& data, const DiscoveryOptions& options) {
  return discover_in(data.problem, measurement_options(data), options);
}

Discovery discover(const search::Columns& data, const DiscoveryOptions& options) {
  return discover_in(data.problem, search::column_options(data), options);
}

}  // namespace energylens::discovery
