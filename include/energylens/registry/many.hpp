// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/parallel.hpp"
#include "energylens/predictor/predictor.hpp"
#include "energylens/table/configurations.hpp"

namespace energylens::registry {

/// What is predicted of many configurations, in columns as long as theirs; kUnknown where nothing is.
struct PredictedColumns {
  std::vector<double> total_energy_j, energy_per_out_token_j, total_time_s, avg_power_w;
  std::vector<std::uint8_t> inside_domain;
};

/// A quantity of a prediction, by its name in tables and JSON.
struct NamedQuantity {
  std::string_view name;
  predictor::Estimate predictor::Prediction::*estimate;
};
/// In the order in which they are written.
std::span<const NamedQuantity> quantities();

/// A configuration that cannot be predicted.
struct Unanswerable {
  std::size_t row = 0;
  std::string column;  ///< "osl"
  std::string reason;
};

/// The first configuration that lacks what the predictor requires or that no server could run; nothing if there is none.
/// `context_tokens`: the longest request; unknown: that of the model.
std::optional<Unanswerable> first_unanswerable(const predictor::Predictor& predictor, std::size_t group,
                                               const table::Configurations& configurations,
                                               double context_tokens = kUnknown);

/// The values of `predict_one` without intervals. Some tens of nanoseconds per configuration for jobs of plain requests
/// under the law, some microseconds for all others. Throws Error (cancelled). Requires: no configuration is unanswerable.
PredictedColumns predict_values(const predictor::Predictor& predictor, std::size_t group,
                                const table::Configurations& configurations, const RunOptions& run = {});

/// The prediction for a configuration. Where continuous batching lets requests wait, for those that can be in flight.
predictor::Prediction predict_one(const predictor::Predictor& predictor, std::size_t group,
                                  table::Configuration config);

/// `predict_one` for the rows from `first` on, `count` of them.
std::vector<predictor::Prediction> predict_rows(const predictor::Predictor& predictor, std::size_t group,
                                                const table::Configurations& configurations,
                                                std::size_t first, std::size_t count,
                                                const RunOptions& run = {});

}  // namespace energylens::registry
