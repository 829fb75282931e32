// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "eval/plan.hpp"

namespace energylens::eval {

/// One setting for each report; learning-curve and transfer have several.
std::vector<Setting> settings(const EvaluationOptions& options);

/// A report with its settings and without figures.
Report empty_report(std::span<const table::Group> groups, const Setting& setting);

/// The report of a protocol that has one; else a report that contains all.
Report joined(std::vector<Report> reports, const EvaluationOptions& options);

}  // namespace energylens::eval
