// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <vector>

#include "energylens/design/design.hpp"
#include "synthetic_group.hpp"

namespace energylens::design {

/// The rows of the smooth group as a grid: every row is a place, every load a question.
inline Problem grid_of(const table::Group& group) {
  Problem problem;
  problem.identity = group.identity;
  for (const table::Row& row : group.rows) {
    problem.candidates.push_back(problem.places.size());
    problem.places.push_back(row.config);
  }
  for (const table::Scenario& scenario : table::scenarios(group))
    problem.workload.push_back({scenario.rows, 1});
  return problem;
}

/// The same when every `step`th row has been measured.
inline Problem begun(const table::Group& group, std::size_t step = 7) {
  Problem problem = grid_of(group);
  for (std::size_t row = 0; row < group.rows.size(); row += step) problem.measured.push_back(group.rows[row]);
  std::erase_if(problem.candidates, [&](std::size_t place) { return place % step == 0; });
  return problem;
}

inline DesignOptions options_of(Strategy strategy, std::size_t rows) {
  DesignOptions options;
  options.strategy = strategy;
  options.rows = rows;
  options.fit.run.threads = 1;
  options.fit.starts = 2;
  return options;
}

}  // namespace energylens::design
