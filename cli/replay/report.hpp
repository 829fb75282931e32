// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "cli/asked_model.hpp"
#include "cli/replay/options.hpp"
#include "energylens/io/json.hpp"
#include "energylens/predictor/predictor.hpp"
#include "energylens/serving/report.hpp"

namespace energylens::cli {

/// What was replayed, on what, and what came of it.
struct Replay {
  table::Layout layout;
  serving::Engine engine;
  predictor::CapacitySource kv_source = predictor::CapacitySource::not_stated;
  double saturation_rps = kUnknown;
  bool idle_known = true;  ///< whether the idle power of the GPU is known
  serving::Report report;
  double periods = 1;  ///< that the report adds up
};

std::string replay_text(const Replay& replay, const ReplayOptions& options);
io::Json replay_json(const Replay& replay);
io::Json replay_question(const ReplayOptions& options, const ReplayedTraffic& traffic);

}  // namespace energylens::cli
