// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/predictor/frame.hpp"
#include "parametric/law/terms.hpp"

namespace energylens::law {

/// The training rows of one group, ready to be fitted: capacities resolved, facts looked up.
struct Prepared {
  const table::Group* group = nullptr;
  std::vector<table::Row> rows;
  predictor::Frame frame;
  std::vector<std::string> warnings;

  Reading reading(bool energy) const { return {frame.facts, frame.isl_known, energy}; }
};

/// `facts`: instead of those of the catalogue. Throws Error (bad input) for a row into whose stated KV capacity not one
/// request fits.
Prepared prepare(const predictor::TrainingGroup& training, const predictor::FitOptions& options,
                 const predictor::Facts* facts = nullptr);

}  // namespace energylens::law
