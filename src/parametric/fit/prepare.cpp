// SPDX-License-Identifier: Apache-2.0
#include "parametric/fit/prepare.hpp"

namespace energylens::law {

Prepared prepare(const predictor::TrainingGroup& training, const predictor::FitOptions& options,
                 const predictor::Facts* facts) {
  predictor::FramedRows framed = predictor::framed(training, options, facts);
  return {training.group, std::move(framed.rows), std::move(framed.frame), {}};
}

}  // namespace energylens::law
