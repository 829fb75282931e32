// SPDX-License-Identifier: Apache-2.0
// reliability.cpp: do events with a stated chance of 70 % happen in 70 % of cases? Held by
// reliability_test.cpp.
#include "eval/reliability.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace energylens::eval {
namespace {

constexpr std::size_t kBins = 10;

struct Bin {
  std::size_t n = 0, best = 0;
  double chances = 0;
};

}  // namespace

std::vector<ReliabilityBin> reliability(std::span<const CandidateOutcome> candidates) {
  std::array<Bin, kBins> bins;
  for (const CandidateOutcome& one : candidates) {
    Bin& bin = bins[std::min(static_cast<std::size_t>(one.chance * kBins), kBins - 1)];
    ++bin.n;
    bin.best += one.best ? 1 : 0;
    bin.chances += one.chance;
  }
  std::vector<ReliabilityBin> filled;
  for (std::size_t b = 0; b < kBins; ++b) {
    if (bins[b].n == 0) continue;
    const auto n = static_cast<double>(bins[b].n);
    filled.push_back({static_cast<double>(b) / kBins, static_cast<double>(b + 1) / kBins, bins[b].n,
                      bins[b].chances / n, static_cast<double>(bins[b].best) / n});
  }
  return filled;
}

double calibration_error(std::span<const ReliabilityBin> bins) {
  double sum = 0, n = 0;
  for (const ReliabilityBin& bin : bins) {
    sum += static_cast<double>(bin.n) * std::abs(bin.chance - bin.share);
    n += static_cast<double>(bin.n);
  }
  return n > 0 ? sum / n : kUnknown;
}

}  // namespace energylens::eval
