// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "cli/design/costs.hpp"

namespace energylens::cli {

/// A design with all that it was made from.
struct Designed {
  const design::Problem& problem;
  const design::Options& options;
  const design::Design& design;
  const MeasuringTimes& times;
};

/// `format`: table, json, or csv: a measurement table whose results are blank.
std::string design_text(const Designed& designed, const std::string& format);

}  // namespace energylens::cli
