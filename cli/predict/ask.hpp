// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/asked_model.hpp"
#include "energylens/table/row.hpp"

namespace energylens::cli {

/// The prediction for a configuration. Where continuous batching lets requests wait, for those that can be in flight: the
/// batch of `config` is then reduced to them, with a warning. Throws Error (usage) where the predictor says nothing.
predictor::Prediction ask_in_flight(const predictor::Predictor& predictor, std::size_t group,
                                    table::Configuration& config);

/// Refuses a request that is longer than the context of the model: that of the flag, else of the model file, else of the
/// catalogue.
void check_length(const table::Load& load, double context_tokens, const AskedModel& model);

/// The question as answers repeat it; `batch` as it was asked.
io::Json asked_json(const table::Configuration& config, double batch, double power_limit_w);

}  // namespace energylens::cli
