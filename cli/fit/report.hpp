// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/io/json.hpp"
#include "energylens/parametric/model.hpp"

namespace energylens::cli {

/// What `fit` found, for every form: per group and metric the parameters with units and 90 % intervals, domain and
/// warnings; for the law also what the data determine, residuals by layout and non-monotonic places.
std::string fit_report_text(const parametric::Model& model);
io::Json fit_report_json(const parametric::Model& model);
/// One flat object per group, target and parameter, for CSV.
io::Json fit_report_rows(const parametric::Model& model);

}  // namespace energylens::cli
