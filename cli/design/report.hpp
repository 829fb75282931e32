// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "cli/design/costs.hpp"

namespace energylens::cli {

/// A design with its problem, options and costs.
struct Designed {
  const design::Problem& problem;
  const design::DesignOptions& options;
  const design::Design& design;
  const MeasuringTimes& times;
};

/// `format`: table, json, or csv: a measurement table with blank results.
std::string design_text(const Designed& designed, const std::string& format);

}  // namespace energylens::cli
