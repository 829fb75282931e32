// SPDX-License-Identifier: Apache-2.0
// Held by tests/parametric/model/predict_test.cpp and tests/parametric/model/predict_structure_test.cpp.
#include "predictor/latency.hpp"

namespace energylens::predictor {

double mean_ttft_s(std::span<const TimedWave> waves) noexcept {
  double requests = 0, sum = 0, elapsed = 0;
  for (const TimedWave& wave : waves) {
    const double n = wave.count * wave.size, each = wave.prefill_s + wave.decode_s;
    sum += n * (elapsed + (wave.count - 1) / 2 * each + wave.prefill_s);
    elapsed += wave.count * each;
    requests += n;
  }
  return sum / requests;
}

double mean_tpot_s(std::span<const TimedWave> waves, double tokens) noexcept {
  double requests = 0, sum = 0;
  for (const TimedWave& wave : waves) {
    const double n = wave.count * wave.size;
    sum += n * wave.decode_s / tokens;
    requests += n;
  }
  return sum / requests;
}

}  // namespace energylens::predictor
