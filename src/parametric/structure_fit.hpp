// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include "energylens/predictor/group_context.hpp"
#include "energylens/predictor/structure.hpp"
#include "parametric/structure_model.hpp"

namespace energylens::parametric {

/// The default structures, found by discovery in public measurements: docs/method/discovery.md describes the rows and the
/// search.
const predictor::Structures& found_structures();

/// Energy as power times time, with published figures of model and GPU: the single form of docs/method/power-time.md, written
/// down and not searched for. The constants are a few ratios to published figures. Energy and time share them.
const predictor::Structures& power_time_structures();

/// Fits the constants of `options.structures` (found_structures() if null) to the training rows, each group alone or, with
/// `pool`, together with shared constants that are not per group. The structure is not changed. Constants that the rows do
/// not determine stay near those of the structure: weak priors on the ratios of coefficients (a factor of e) and on
/// exponents (0.25). Throws Error (bad input) if no row has the inputs of the structures.
StructureModel fit_structures(const predictor::TrainingData& data, const predictor::FitOptions& options);

/// Fits power_time_structures(), or found_structures() if a figure that they need is unknown for any group.
StructureModel fit_power_time(const predictor::TrainingData& data, const predictor::FitOptions& options);

/// A structure with the constants of each group fitted by a search, and the provenance of the search.
struct FittedStructure {
  predictor::Structure structure;
  std::vector<std::vector<double>> constants;  ///< by group, then by constant of the structure
  Provenance search;
};

/// A model with those constants. Their uncertainty is computed from the rows.
StructureModel with_constants(const std::vector<predictor::PreparedRows>& prepared,
                              const FittedStructure& fitted, Metric metric,
                              const predictor::FitOptions& options);

/// Joins a model of energy and a model of time, in either order. Throws Error (usage) if their groups differ or both are
/// of the same metric.
StructureModel joined(const StructureModel& one, const StructureModel& other);

/// Throws Error (usage) if a model of `metric` with these groups cannot be joined with `other`.
void require_joinable(const StructureModel& other, Metric metric,
                      std::span<const table::GroupIdentity> groups);

}  // namespace energylens::parametric
