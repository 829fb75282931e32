// SPDX-License-Identifier: Apache-2.0
#include "prepare.hpp"

namespace energylens::law {

Prepared prepare(const model::TrainingGroup& training, const model::FitOptions& options,
                 const model::Facts* facts) {
  model::FramedRows framed = model::framed(training, options, facts);
  return {training.group, std::move(framed.rows), std::move(framed.frame), {}};
}

}  // namespace energylens::law
