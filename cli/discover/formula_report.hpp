// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/io/json.hpp"
#include "energylens/parametric/structure_model.hpp"

namespace energylens::cli {

/// The result of `fit --form power-time`: the formula of each target, and the constants of each group with
/// units and 90 % intervals.
std::string discovered_report_text(const discovered::Model& model);
/// One flat object per group, target and constant, for CSV.
io::Json discovered_report_rows(const discovered::Model& model);

/// Warns if another formula was fitted instead of power times time.
void warn_of_form(const discovered::Model& model);

}  // namespace energylens::cli
