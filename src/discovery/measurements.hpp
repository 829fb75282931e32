// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/hardware/catalogue.hpp"
#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"
#include "energylens/table/group.hpp"

namespace energylens::discovery {

/// How a measurement table is read as a search problem.
struct MeasurementOptions {
  bool energy = true;                              ///< target: total energy of a row in J, else its time in s
  std::string form;                                ///< as search::Problem::form, over the columns named below
  double kv_capacity_tokens = kUnknown;            ///< for rows whose column is blank
  const hardware::Catalogue* catalogue = nullptr;  ///< nullptr: the built-in one
  std::vector<std::string>
      quantities{};  ///< published figures to add as inputs: names of predictor::quantities()
  /// Counts that get a dimension: "tokens" (isl, osl, L), "requests" (batch), "gpus" (tp, pp). For each such
  /// input x there is also the input "x_rel", x divided by a reference, without a unit.
  std::vector<std::string> tags{};
  double gpu_memory_utilization =
      kUnknown;  ///< replaces the share of memory that the engine takes by default
};

/// A table as a search problem, and warnings about the rows that were left out of it.
struct Measurements {
  search::Problem problem;
  bool energy = true;                       ///< MeasurementOptions::energy
  std::vector<const table::Row*> rows;      ///< by row of the problem
  std::vector<const table::Group*> groups;  ///< by group of the problem
  std::vector<std::string> warnings;
};

/// A point is one wave of requests on one replica, with the inputs predictor::kWaveInputs. A row is a sum
/// over its waves, for energy times its replicas (predictor::waves, predictor::kv_capacity). Columns of one
/// value become constants. Left out are rows without the target, batch, osl or (unless no row has one) isl,
/// and groups of fewer than three rows. Repeats give `noise_sd`. Throws Error (bad input) if no row is left,
/// or if the catalogue lacks a quantity for a group. `groups` must outlive the result.
Measurements measurements(std::span<const table::Group> groups, const MeasurementOptions& options);

/// Returns `tags`. Throws Error (usage) for an unknown tag.
std::vector<std::string> checked_tags(const std::vector<std::string>& tags);

/// Options that suit measurements: errors of ln E, positive coefficients in J or s, real exponents shared by
/// the groups, and formulas that do not decrease in batch or the lengths. With quantities as inputs,
/// coefficients are shared by the groups, too, and may have the units of predictor::quantity_coefficients().
/// With tags, they may be per request, per GPU, per token and per square token (each step reads the cache of
/// all tokens so far).
search::Options measurement_options(const Measurements& measurements);

}  // namespace energylens::discovery
