// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/predictor/group_context.hpp"
#include "parametric/law/terms.hpp"

namespace energylens::parametric {

/// The training rows of one group, ready for the fit: KV capacities and system specification resolved.
struct Prepared {
  const table::Group* group = nullptr;
  std::vector<table::Row> rows;
  predictor::GroupContext context;
  std::vector<std::string> warnings;

  Reading reading(Metric metric) const { return {context.facts, context.isl_known, metric}; }
};

/// `facts` replaces the system specification from the catalogue. Throws Error (bad input) for a row whose stated KV
/// capacity is too small for one request.
Prepared prepare(const predictor::TrainingGroup& training, const predictor::FitOptions& options,
                 const predictor::Facts* facts = nullptr);

}  // namespace energylens::parametric
