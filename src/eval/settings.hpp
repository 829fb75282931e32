// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "eval/plan.hpp"

namespace energylens::eval {

/// What the options ask for, one setting per report: several of learning-curve and transfer.
std::vector<Setting> settings(const Options& options);

/// A report that says how it was made and holds no figures yet.
Report empty_report(std::span<const table::Group> groups, const Setting& setting);

/// The one report of most protocols, or one that holds all.
Report joined(std::vector<Report> reports, const Options& options);

}  // namespace energylens::eval
