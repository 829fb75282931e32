// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "energylens/predictor/facts.hpp"
#include "energylens/predictor/kv_capacity.hpp"
#include "energylens/predictor/predictor.hpp"
#include "energylens/predictor/verdict.hpp"

namespace energylens::predictor {

/// The range of one quantity in the fitted rows.
struct Range {
  double min = kUnknown, max = kUnknown;
};

/// The range of the training rows. A prediction outside it is an extrapolation and is marked as one.
struct Domain {
  std::vector<table::Layout> layouts;
  Range batch;  ///< requests of one replica
  Range isl, osl, image_tokens;
  Range accepted_per_step;  ///< of rows with speculative decoding that state it
};

Domain domain_of(std::span<const table::Row> rows);
/// How the configuration leaves the domain, as text; "" if it is inside. Replicas of a fitted layout are inside,
/// because their energies add up.
std::string outside(const Domain& domain, const table::Configuration& config);

/// What a model stores about a group besides its fitted numbers.
struct GroupContext {
  table::GroupIdentity identity;
  Facts facts;
  bool isl_known = true;  ///< false: prefill is one constant per request and isl must not be given
  bool serving = false;   ///< most rows are `steady` and all state isl: steps hold prompts and decode tokens
  Domain domain;
  LayoutCapacities stated_capacity;  ///< from the training rows, for configurations that state none
  /// Training rows that were measured: 0 if they were simulated, or if everything comes from other groups. Nothing in files
  /// that do not state it.
  std::optional<std::size_t> measured_rows;
  std::optional<Verdict> verdict;  ///< nothing if the fit was not assessed
};

/// The training rows of a group with resolved KV capacities, and the context of the group.
struct PreparedRows {
  GroupContext context;
  std::vector<table::Row> rows;
};
/// `facts` replaces the system specification from the catalogue. Throws Error (bad input) for a row whose stated KV
/// capacity is too small for one request.
PreparedRows prepared_rows(const TrainingGroup& training, const FitOptions& options,
                           const Facts* facts = nullptr);

/// What decides the KV capacity of a layout of the group. The context must outlive it.
CapacityRules capacity_rules(const GroupContext& context, const table::Layout& layout, double flag_tokens);

/// The configuration with its capacity. Fills capacity, waves and domain of the prediction. Throws Error (usage) for an
/// isl if the training rows stated none.
table::Configuration resolved(const GroupContext& context, const table::Configuration& config,
                              const Capacity& capacity, Prediction& out);

/// Marks a prediction whose mean power is above what its GPUs can draw, their power limit or their TDP, as outside the
/// domain: its energy and its time cannot both be right.
void mark_power(const GroupContext& context, const table::Layout& layout, Prediction& out);

/// Whether the load has everything that a formula over batch and lengths needs.
bool answerable(const GroupContext& context, const table::Load& load);

}  // namespace energylens::predictor
