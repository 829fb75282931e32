// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/io/json.hpp"
#include "energylens/parametric/model.hpp"

namespace energylens::cli {

/// What `fit` found: per group and target the parameters with units and 90 % intervals, what the data
/// determine, residuals by layout, places where measurements fall although the law rises, domain and
/// warnings.
std::string fit_report_text(const law::Model& model);
io::Json fit_report_json(const law::Model& model);
/// One flat object per group, target and parameter, for CSV.
io::Json fit_report_rows(const law::Model& model);

}  // namespace energylens::cli
