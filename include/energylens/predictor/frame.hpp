// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/predictor/facts.hpp"
#include "energylens/predictor/kv_capacity.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::predictor {

/// The range of one quantity in the fitted rows.
struct Range {
  double min = kUnknown, max = kUnknown;
};

/// Where a model was fitted; outside it a prediction is an extrapolation and says so.
struct Domain {
  std::vector<table::Layout> layouts;
  Range batch;  ///< requests of one replica
  Range isl, osl, image_tokens;
};

Domain domain_of(std::span<const table::Row> rows);
/// What of a configuration lies outside, for people; "" if nothing does. Replicas of a fitted layout are
/// inside, because their energies add.
std::string outside(const Domain& domain, const table::Configuration& config);

/// What a model keeps of a group besides its fitted numbers.
struct Frame {
  table::GroupIdentity identity;
  Facts facts;
  bool isl_known = true;  ///< false: prefill is one constant per request, questions about isl are refused
  Domain domain;
  LayoutCapacities stated_capacity;  ///< that the rows state: for questions that state none
};

/// The training rows of a group, their KV capacities resolved, and its frame.
struct FramedRows {
  Frame frame;
  std::vector<table::Row> rows;
};
/// `facts`: instead of those of the catalogue. Throws Error (bad input) for a row into whose stated KV
/// capacity not one request fits.
FramedRows framed(const TrainingGroup& training, const FitOptions& options, const Facts* facts = nullptr);

/// What the group knows of the KV capacity of a layout. The frame must outlive it.
CapacityRules capacity_rules(const Frame& frame, const table::Layout& layout, double flag_tokens);

/// The configuration with its capacity. Fills what a prediction reports of capacity, waves and domain. Throws
/// Error (usage) for an isl that the rows did not state.
table::Configuration resolved(const Frame& frame, const table::Configuration& config,
                              const Capacity& capacity, Prediction& out);

/// Whether the load states what a formula over batch and lengths needs.
bool answerable(const Frame& frame, const table::Load& load);

}  // namespace energylens::predictor
