// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "importers/power_metrics.hpp"

namespace energylens::observe {

using importers::label_of;
using importers::Labels;

struct Point {
  double time_s, value;
};

/// One time series, in the order of time.
struct Series {
  std::string name;
  Labels labels;  ///< without the name
  std::vector<Point> points;
};

/// The series in the JSON answer of a range query. Throws Error (bad input) for another text.
std::vector<Series> parse_matrix(const std::string& text, const std::string& source);

}  // namespace energylens::observe
