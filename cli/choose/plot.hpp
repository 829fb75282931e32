// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/plot.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/table/group.hpp"
#include "plot/chart.hpp"

namespace energylens::cli {

/// Energy per output token against the latency that is limited (of a whole request if none is): a point with 90 %
/// intervals for each layout, the chosen one marked, and the limits.
plot::Chart choice_chart(const choose::Choice& choice, const choose::Question& question,
                         const table::GroupIdentity& group);

}  // namespace energylens::cli
