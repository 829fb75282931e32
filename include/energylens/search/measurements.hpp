// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "energylens/hardware/catalogue.hpp"
#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"
#include "energylens/table/group.hpp"

namespace energylens::search {

/// What of a measurement table a formula is looked for.
struct MeasurementOptions {
  bool energy = true;                              ///< total energy of a row in J, else its time in s
  std::string form;                                ///< as Problem::form, over the columns named below
  double kv_capacity_tokens = kUnknown;            ///< for rows whose column is blank
  const hardware::Catalogue* catalogue = nullptr;  ///< nullptr: the built-in one
};

/// A table as a problem, and what was left out of it.
struct Measurements {
  Problem problem;
  std::vector<const table::Row*> rows;      ///< by row of the problem
  std::vector<const table::Group*> groups;  ///< by group of the problem
  std::vector<std::string> warnings;
};

/// One wave of requests on one replica is a point, with the inputs tp, pp, batch (of the wave), isl, osl, L
/// (isl + osl/2, mean tokens in the cache of a request) and weights_read (share of the weights that a decode
/// step reads; docs/law.md (4)). A row is a sum over its waves, for energy times its replicas (DESIGN:
/// model::waves, model::kv_capacity). Columns of one value are no inputs; rows without the target, batch, osl
/// or (unless none has one) isl are left out, as are groups with fewer than three rows. Repeats give
/// `noise_sd`. Throws Error (bad input) if nothing is left. `groups` must outlive the result.
Measurements measurements(std::span<const table::Group> groups, const MeasurementOptions& options);

/// Options that suit measurements: errors of ln E, positive coefficients in J or s, real exponents, shared by
/// the groups, and no fall in batch or lengths.
Options measurement_options(const Measurements& measurements, bool energy);

}  // namespace energylens::search
