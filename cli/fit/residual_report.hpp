// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/io/json.hpp"
#include "residual/model.hpp"

namespace energylens::cli {

/// How the process of each group corrects its form: training rows, excluded rows, and how far from the form energies
/// are expected to be.
std::string residual_report_text(const residual::CorrectedModel& model);
io::Json residual_report_json(const residual::CorrectedModel& model);

}  // namespace energylens::cli
