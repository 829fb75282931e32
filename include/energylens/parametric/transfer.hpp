// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>

#include "energylens/parametric/model.hpp"

namespace energylens::law {

/// A group that is to be known by others: who it is, its measured rows (there may be none) and its figures.
struct TransferTarget {
  const table::Group& group;
  predictor::Facts facts;
};

/// A model of the target alone: its rows read in the light of the `sources`, groups of `model`;
/// docs/transfer.md. Throws Error (bad input) if no source can stand for it: none has an energy or a time, or
/// all read isl otherwise.
Model transfer(const Model& model, std::span<const std::size_t> sources, const TransferTarget& target,
               const predictor::FitOptions& options);

/// By which figures the ratio of a parameter is made ("weight bytes / memory bandwidth x power limit"); ""
/// for what is kept. docs/transfer.md (14).
std::string ratio_rule(std::size_t parameter, bool energy);

}  // namespace energylens::law
