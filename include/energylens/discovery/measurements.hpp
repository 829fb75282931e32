// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/hardware/catalogue.hpp"
#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"
#include "energylens/table/group.hpp"

namespace energylens::discovery {

/// What of a measurement table a formula is looked for.
struct MeasurementOptions {
  bool energy = true;                              ///< total energy of a row in J, else its time in s
  std::string form;                                ///< as search::Problem::form, over the columns named below
  double kv_capacity_tokens = kUnknown;            ///< for rows whose column is blank
  const hardware::Catalogue* catalogue = nullptr;  ///< nullptr: the built-in one
  std::vector<std::string> quantities{};  ///< of the catalogue that are inputs, too: names of quantities()
  /// Counts that are dimensions: of "tokens" (isl, osl, L), "requests" (batch), "gpus" (tp, pp). Beside each
  /// such input x stands x/x_ref without a unit, "x_rel".
  std::vector<std::string> tags{};
};

/// A table as a problem, and what was left out of it.
struct Measurements {
  search::Problem problem;
  std::vector<const table::Row*> rows;      ///< by row of the problem
  std::vector<const table::Group*> groups;  ///< by group of the problem
  std::vector<std::string> warnings;
};

/// One wave of requests on one replica is a point, with the inputs predictor::kWaveInputs. A row is a sum over its
/// waves, for energy times its replicas (DESIGN: predictor::waves, predictor::kv_capacity). Columns of one value are
/// no inputs; rows without the target, batch, osl or (unless none has one) isl are left out, as are groups
/// with fewer than three rows. Repeats give `noise_sd`. Quantities that are asked for are inputs with units.
/// Throws Error (bad input) if nothing is left, and for a quantity that is not known of a group. `groups`
/// must outlive the result.
Measurements measurements(std::span<const table::Group> groups, const MeasurementOptions& options);

/// The tags, or Error (usage) for a name that is none.
std::vector<std::string> checked_tags(const std::vector<std::string>& tags);

/// Options that suit measurements: errors of ln E, positive coefficients in J or s, real exponents, shared by
/// the groups, and no fall in batch or lengths. With quantities as inputs coefficients are shared, too, and
/// may have the units of quantity_coefficients(). With tags coefficients may be per request, per GPU, per
/// token and per square token (of the cache in a step).
search::Options measurement_options(const Measurements& measurements, bool energy);

}  // namespace energylens::discovery
