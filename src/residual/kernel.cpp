// SPDX-License-Identifier: Apache-2.0
// A shared function and one of each layout, both of one wave: continuous in ln batch, because kernels change
// there in steps, and smooth in the lengths. The medians and the log_sd were chosen on the main group and
// the H800 groups. Held by fit_test.cpp and the figures of docs/evidence/results.md.

#include "residual/kernel.hpp"

#include "residual/wave_points.hpp"

namespace energylens::residual {

numerics::Prior prior() {
  enum Hyperparameter : std::size_t { kShared, kOwn, kBatchLength, kOslLength, kIslLength, kNoise };
  const double log_sd = 0.35;
  const std::vector<numerics::Factor> factors = {{kLogBatch, numerics::Shape::exponential, kBatchLength},
                                                 {kLogOsl, numerics::Shape::squared_exponential, kOslLength},
                                                 {kLogIsl, numerics::Shape::squared_exponential, kIslLength}};
  numerics::Prior prior;
  prior.terms = {{kShared, factors, false}, {kOwn, factors, true}};
  prior.noise = kNoise;
  for (const double median : {0.04, 0.04, 1.5, 1.5, 1.5, 0.01})
    prior.hyperparameters.push_back({median, log_sd});
  return prior;
}

}  // namespace energylens::residual
