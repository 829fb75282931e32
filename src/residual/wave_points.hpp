// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>

#include "numerics/gaussian_process.hpp"
#include "residual/model.hpp"

namespace energylens::residual {

/// Features of one wave: ln of its requests per replica, of osl and of isl. What a group does not know is
/// constant there.
enum Feature : std::size_t { kLogBatch, kLogOsl, kLogIsl };

/// Layouts of one replica, each once, in order; replicas are equals, their energies add.
std::vector<table::Layout> replicas_of(std::vector<table::Layout> layouts);

/// Index of the layout's replica in `replicas`; one past the end if it is not there.
std::size_t label_of(std::span<const table::Layout> replicas, const table::Layout& layout);

/// ln(measured / formula) of a row is, to first order, the sum of that of its waves, each weighted by its
/// share.
numerics::Combination place_of(const predictor::Breakdown& breakdown, const table::Load& load,
                               std::size_t label);

/// The breakdown of a formula's energy at a configuration whose capacity is not yet settled; nothing where the
/// formula has no value.
std::optional<predictor::Breakdown> breakdown_of(const parametric::Model& form, std::size_t group,
                                                 table::Configuration config,
                                                 const predictor::Prediction& prediction);

}  // namespace energylens::residual
