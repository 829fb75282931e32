// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/hardware/catalogue.hpp"
#include "energylens/io/json.hpp"
#include "energylens/parametric/law_model.hpp"

namespace energylens::cli {

/// A transferred model, and the sources of its figures.
struct Moved {
  const parametric::LawModel& model;  ///< one group
  std::vector<const parametric::GroupLaw*> sources;
  const hardware::Catalogue& catalogue;
};

/// The origin of the parameters: the weight of the prior, the ratios and their figures, effective parameters.
std::string transfer_report_text(const Moved& moved);
io::Json transfer_report_json(const Moved& moved);
/// One flat object per parameter and target, for CSV.
io::Json transfer_report_rows(const Moved& moved);

}  // namespace energylens::cli
