// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "synthetic_group.hpp"

namespace energylens::eval {

/// The group of the worked example in docs/method/evaluation.md: scenario k is rows 2k and 2k+1 at batch k+1,
/// k < 10; rows 20 to 23 are in no scenario.
inline table::Group worked_example() {
  using synthetic::job;
  std::vector<table::Row> rows;
  for (int batch = 1; batch <= 10; ++batch) {
    rows.push_back(job("tp4", batch, {1, 64}, 100 + batch));
    rows.push_back(job("tp8", batch, {1, 64}, 105));
  }
  for (int batch = 11; batch <= 14; ++batch) rows.push_back(job("tp8", batch, {1, 64}, 105));
  return synthetic::group_of(std::move(rows));
}

}  // namespace energylens::eval
