// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/eval/report.hpp"
#include "energylens/table/group.hpp"

namespace energylens::cli {

/// Warns where no scenario was evaluated: figures of choices are dashes, which does not show the user what to do.
void warn_of_no_choice(const eval::Report& report);

/// Whether any predictor has a figure.
bool has_figures(const eval::Report& report);

/// Why no predictor has a single figure.
std::string why_no_figures(const eval::Report& report, const std::vector<table::Group>& groups);

}  // namespace energylens::cli
