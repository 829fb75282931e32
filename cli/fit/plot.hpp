// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/plot.hpp"
#include "energylens/predictor/predictor.hpp"
#include "plot/chart.hpp"

namespace energylens::cli {

/// Of energy and of time, as far as the model predicts them: measured against predicted, and the deviation of the
/// measurements by layout. Rows that the fit has not seen are hollow.
plot::Chart fit_chart(const predictor::Predictor& model, const predictor::TrainingData& data);

}  // namespace energylens::cli
