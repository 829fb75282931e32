// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>

namespace energylens::predictor {

/// Equal waves of a job, one after the other, and the seconds of each of them.
struct TimedWave {
  double count = 0, size = 0;
  double prefill_s = 0, decode_s = 0;
};

/// Mean time to first token over all requests: earlier waves, then the prefill of the own wave; docs/method/law.md (7).
double mean_ttft_s(std::span<const TimedWave> waves) noexcept;

/// Mean time per output token over all requests with `tokens` + 1 output tokens.
double mean_tpot_s(std::span<const TimedWave> waves, double tokens) noexcept;

}  // namespace energylens::predictor
