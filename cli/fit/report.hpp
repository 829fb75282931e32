// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"
#include "energylens/parametric/assess.hpp"

namespace energylens::cli {

/// A fitted model and the assessments of its groups.
struct AssessedFit {
  const parametric::Model& model;
  std::vector<parametric::Assessment> assessments;
};

/// Assesses the fit of every group, and stores the verdicts with the model.
AssessedFit assess_fit(parametric::Model& model, const predictor::TrainingData& data,
                       const predictor::FitOptions& settings);

/// What `fit` found, for every form: per group and metric the parameters with units and 90 % intervals, domain and
/// warnings; for the law also what the data determine, residuals by layout and non-monotonic places; the rows farthest
/// from the fit, and a verdict in words.
std::string fit_report_text(const AssessedFit& fit);
io::Json fit_report_json(const AssessedFit& fit);
/// One flat object per group, target and parameter, for CSV.
io::Json fit_report_rows(const AssessedFit& fit);

}  // namespace energylens::cli
