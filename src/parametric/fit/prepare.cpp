// SPDX-License-Identifier: Apache-2.0
#include "parametric/fit/prepare.hpp"

namespace energylens::parametric {

Prepared prepare(const predictor::TrainingGroup& training, const predictor::FitOptions& options,
                 const predictor::Facts* facts) {
  predictor::PreparedRows prepared = predictor::prepared_rows(training, options, facts);
  return {training.group, std::move(prepared.rows), std::move(prepared.context), {}};
}

}  // namespace energylens::parametric
