// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/structure_model.hpp"
#include "energylens/predictor/frame.hpp"
#include "energylens/predictor/structure.hpp"

namespace energylens::discovered {

/// The structures that discovery found in public measurements and that are used where no other is given:
/// docs/discovery.md tells from which rows and how.
const predictor::Structures& found_structures();

/// Energy as power times time, with published figures of model and GPU: the single form of docs/discovery.md,
/// written down and not searched for. Constants are few ratios to what is published; joint.
const predictor::Structures& power_time_structures();

/// Fits the constants of `options.structures` (found_structures() if null) to the training rows, each group
/// alone or, with `pool`, together, sharing what is not per group. The structure stays as it is. What the
/// rows do not tell stays near its numbers: weak beliefs in the ratios of coefficients (a factor of e) and in
/// exponents (0.25). Throws Error (bad input) where no row has what the structures need.
Model fit(const predictor::TrainingData& data, const predictor::FitOptions& options);

/// Fits power_time_structures(); found_structures() if a figure that they need is not known of some group.
Model fit_power_time(const predictor::TrainingData& data, const predictor::FitOptions& options);

/// A structure with its constants for each group, as a search fitted them, and what is known of that search.
struct FittedStructure {
  predictor::Structure structure;
  std::vector<std::vector<double>> constants;  ///< by group, then by constant of the structure
  Provenance search;
};

/// A model with those constants; their uncertainty is taken from the rows.
Model with_constants(const std::vector<predictor::FramedRows>& framed, const FittedStructure& fitted,
                     bool energy, const predictor::FitOptions& options);

/// A model of both targets from one of energy and one of time, in either order. Throws Error (usage) if they
/// hold other groups or the same target.
Model joined(const Model& one, const Model& other);

/// Throws Error (usage) if a model of `energy`, or else of time, of such groups could not be joined with
/// `other`.
void require_joinable(const Model& other, bool energy, std::span<const table::GroupIdentity> groups);

}  // namespace energylens::discovered
