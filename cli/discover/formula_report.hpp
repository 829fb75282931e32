// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/io/json.hpp"
#include "energylens/parametric/structure_model.hpp"

namespace energylens::cli {

/// What `fit --form power-time` found: per target the formula, per group the constants with units and 90 %
/// intervals.
std::string discovered_report_text(const discovered::Model& model);
/// One flat object per group, target and constant, for CSV.
io::Json discovered_report_rows(const discovered::Model& model);

/// Warns where another formula stands in for power times time.
void warn_of_form(const discovered::Model& model);

}  // namespace energylens::cli
