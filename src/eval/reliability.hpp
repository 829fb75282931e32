// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <vector>

#include "energylens/eval/report.hpp"

namespace energylens::eval {

/// Stated chances against observed frequencies, in ten bins of the chance; a chance of 1 is in the last bin.
/// Empty bins are left out. Source: Murphy 1973, A new vector partition of the probability score.
std::vector<ReliabilityBin> reliability(std::span<const CandidateOutcome> candidates);

/// The mean over candidates of the distance between the mean chance of their bin and its observed frequency;
/// unknown without bins.
double calibration_error(std::span<const ReliabilityBin> bins);

}  // namespace energylens::eval
