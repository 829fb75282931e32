// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>

#include "energylens/parametric/law_model.hpp"

namespace energylens::parametric {

/// How the groups of a prior are related: as pairs that differ alike, docs/method/transfer.md (15), or as a population in
/// which vendors, GPUs, models and engines have effects of their own, (18).
enum class Relation { pairs, population };

/// The target of a transfer: its identity with measured rows (possibly none) and its system specification.
struct TransferTarget {
  const table::Group& group;
  predictor::Facts facts;
};

/// A model of the target alone, fitted to its rows with a prior from the `sources`, which are groups of `model`;
/// docs/method/transfer.md. Throws Error (bad input) if no source is usable: none has an energy or a time, or all of them
/// differ from the target in whether isl is known.
LawModel transfer(const LawModel& model, std::span<const std::size_t> sources, const TransferTarget& target,
                  const predictor::FitOptions& options, Relation relation = Relation::pairs);

/// The figures that scale a parameter ("weight bytes / memory bandwidth x power limit"); "" for a parameter that is
/// kept. docs/method/transfer.md (14).
std::string ratio_rule(std::size_t parameter, Metric metric, Form form = Form::job);

}  // namespace energylens::parametric
