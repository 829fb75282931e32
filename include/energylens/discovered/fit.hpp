// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/discovered/model.hpp"
#include "energylens/search/front.hpp"
#include "energylens/search/measurements.hpp"

namespace energylens::discovered {

/// The structures that discovery found in public measurements and that are used where no other is given:
/// docs/discovery.md tells from which rows and how.
const model::Structures& found_structures();

/// Energy as power times time, with published figures of model and GPU: the single form of docs/discovery.md,
/// written down and not searched for. Constants are few ratios to what is published; joint.
const model::Structures& power_time_structures();

/// Fits the constants of `options.structures` (found_structures() if null) to the training rows, each group
/// alone or, with `pool`, together, sharing what is not per group. The structure stays as it is. What the
/// rows do not tell stays near its numbers: weak beliefs in the ratios of coefficients (a factor of e) and in
/// exponents (0.25). Throws Error (bad input) where no row has what the structures need.
Model fit(const model::TrainingData& data, const model::FitOptions& options);

/// Looks for structures in the training rows themselves (`options.search_evaluations` formulas each, picked
/// by cross-validation) and fits them. What too few rows cannot tell is taken from found_structures().
Model fit_anew(const model::TrainingData& data, const model::FitOptions& options);

/// Fits power_time_structures(); found_structures() if a figure that they need is not known of some group.
Model fit_power_time(const model::TrainingData& data, const model::FitOptions& options);

/// The structure of a formula of a front. `positive`: coefficients of terms are > 0.
model::Structure structure_of(const search::Formula& formula, const std::string& form, bool positive);

/// The chosen formula of a front with the constants that the search gave it.
Model from_front(const search::Front& front, const search::Measurements& data, bool energy,
                 const model::FitOptions& options);

/// A model of both targets from one of energy and one of time, in either order. Throws Error (usage) if they
/// hold other groups or the same target.
Model joined(const Model& one, const Model& other);

/// Throws Error (usage) if a model of `energy`, or else of time, of such groups could not be joined with
/// `other`.
void require_joinable(const Model& other, bool energy, std::span<const table::GroupIdentity> groups);

}  // namespace energylens::discovered
