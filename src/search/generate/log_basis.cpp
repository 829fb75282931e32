// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/generate/log_seeds_test.cpp.
#include "search/generate/log_basis.hpp"

#include <cmath>
#include <utility>

#include "search/fit/dot.hpp"

namespace energylens::search {

void LogBasis::add(std::vector<double> column) {
  const double before = dot(column, column);
  std::vector<double> shares;
  project(column, &shares);
  project(column, nullptr);
  const double after = dot(column, column);
  if (!(after > 1e-12 * before)) {
    columns_.emplace_back();
    triangle_.push_back(std::move(shares));
    return;
  }
  const double length = std::sqrt(after);
  for (double& v : column) v /= length;
  shares.push_back(length);
  columns_.push_back(std::move(column));
  triangle_.push_back(std::move(shares));
}

void LogBasis::project(std::vector<double>& column, std::vector<double>* shares) const {
  for (const std::vector<double>& q : columns_) {
    const double share = q.empty() ? 0 : dot(q, column);
    for (std::size_t i = 0; i < q.size(); ++i) column[i] -= share * q[i];
    if (shares) shares->push_back(share);
  }
}

std::vector<double> LogBasis::solve(const std::vector<double>& shares) const {
  std::vector<double> x = shares;
  for (std::size_t c = columns_.size(); c-- > 0;) {
    if (columns_[c].empty()) {
      x[c] = 0;
      continue;
    }
    x[c] /= triangle_[c][c];
    for (std::size_t r = 0; r < c; ++r) x[r] -= triangle_[c][r] * x[c];
  }
  return x;
}

}  // namespace energylens::search
