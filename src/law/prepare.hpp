// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "energylens/model/predictor.hpp"
#include "terms.hpp"

namespace energylens::law {

/// The training rows of one group, ready to be fitted: capacities resolved, facts looked up.
struct Prepared {
  const table::Group* group = nullptr;
  std::vector<table::Row> rows;
  model::Facts facts;
  bool isl_known = true;
  std::vector<std::pair<table::Layout, double>> stated_capacity;  ///< by the column, as in GroupLaw
  std::vector<std::string> warnings;

  Reading reading(bool energy) const { return {facts, isl_known, energy}; }
};

/// `facts`: instead of those of the catalogue. Throws Error (bad input) for a row into whose stated KV capacity not one
/// request fits.
Prepared prepare(const model::TrainingGroup& training, const model::FitOptions& options,
                 const model::Facts* facts = nullptr);

/// The KV capacity of a configuration: column, else flag, else catalogue, else unlimited. An estimate of the catalogue
/// that holds not one request is dropped where the layout was `measured`: it ran.
model::Capacity capacity_of(const table::Configuration& config, const model::Facts& facts, double flag_tokens,
                            bool measured);

}  // namespace energylens::law
