// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/hardware/catalogue.hpp"
#include "energylens/law/model.hpp"
#include "energylens/wire/json.hpp"

namespace energylens::cli {

/// A model that was moved, and what its figures stand on.
struct Moved {
  const law::Model& model;  ///< one group
  std::vector<const law::GroupLaw*> sources;
  const hardware::Catalogue& catalogue;
};

/// Where the numbers come from: weight of the prior, ratios and the figures behind them, effective
/// parameters.
std::string transfer_report_text(const Moved& moved);
wire::Json transfer_report_json(const Moved& moved);
/// One flat object per parameter and target, for CSV.
wire::Json transfer_report_rows(const Moved& moved);

}  // namespace energylens::cli
