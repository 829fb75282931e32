// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "energylens/parametric/law_model.hpp"

namespace energylens::cli {

/// `fit --form`: the law, or power times time.
std::shared_ptr<parametric::Model> fit_form(const predictor::TrainingData& data,
                                            const predictor::FitOptions& settings, bool law);

/// `fit --prior library`: every group with a prior from the library, whose weight it reports.
std::shared_ptr<parametric::Model> fit_with_library(const predictor::TrainingData& data,
                                                    const predictor::FitOptions& settings);

/// Throws Error (usage) for what --prior library cannot be combined with: it fits laws, each group by itself.
void refuse_for_library(const predictor::FitOptions& fit, bool residual, bool law);

}  // namespace energylens::cli
