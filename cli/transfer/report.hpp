// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/hardware/catalogue.hpp"
#include "energylens/io/json.hpp"
#include "energylens/parametric/law_model.hpp"

namespace energylens::cli {

/// A model that was moved, and what its figures stand on.
struct Moved {
  const parametric::LawModel& model;  ///< one group
  std::vector<const parametric::GroupLaw*> sources;
  const hardware::Catalogue& catalogue;
};

/// Where the numbers come from: weight of the prior, ratios and the figures behind them, effective
/// parameters.
std::string transfer_report_text(const Moved& moved);
io::Json transfer_report_json(const Moved& moved);
/// One flat object per parameter and target, for CSV.
io::Json transfer_report_rows(const Moved& moved);

}  // namespace energylens::cli
