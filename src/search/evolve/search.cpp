// SPDX-License-Identifier: Apache-2.0
// search.cpp: the search for formulas in one screen. Each step is explained in search_steps.hpp.
#include "energylens/search/search.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"
#include "search/evolve/search_steps.hpp"

namespace energylens::search {

void check_together(const Problem& problem, const Options& options) {
  check(problem);
  check(options);
  if (options.loss != Loss::absolute) {
    for (std::size_t i = 0; i < problem.rows(); ++i) {
      if (!(problem.target[i] > 0)) {
        throw Error::bad_input({}, "\"" + problem.target_name + "\" is " + number_text(problem.target[i]) +
                                       " in row " + std::to_string(i + 1) +
                                       ": relative errors need targets above 0");
      }
    }
  }
  const std::size_t least = options.coefficients == Scope::per_group ? problem.group_count() : 1;
  if (problem.rows() <= least) {
    throw Error::bad_input({}, std::to_string(problem.rows()) + " rows cannot determine " +
                                   std::to_string(least) + " constants");
  }
  for (const std::string& name : options.rising) {
    const auto same = [&](const Input& input) { return input.name == name; };
    if (std::none_of(problem.inputs.begin(), problem.inputs.end(), same))
      throw Error::usage("unknown column \"" + name + "\": the formula cannot be required to rise in it");
  }
}

Front search(const Problem& problem, const Options& options) {
  check_together(problem, options);
  SearchState state(problem, options);
  resume(state);
  seed(state);
  evolve(state);
  refine_front(state);
  return summarise(state);
}

}  // namespace energylens::search
