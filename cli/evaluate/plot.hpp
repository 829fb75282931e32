// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/plot.hpp"
#include "energylens/eval/report.hpp"
#include "plot/chart.hpp"

namespace energylens::cli {

/// Of one report the mean regret and the share of best picks, or where nothing was picked the error, of each predictor; of
/// several the same against the number of training rows.
plot::Chart evaluation_chart(const eval::Report& report);

}  // namespace energylens::cli
