// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/io/json.hpp"
#include "energylens/residual/corrected.hpp"

namespace energylens::cli {

/// How the process of each group corrects its formula: rows that teach it and that were left out, and how far
/// from the formula it believes energies to lie.
std::string residual_report_text(const residual::Corrected& model);
io::Json residual_report_json(const residual::Corrected& model);

}  // namespace energylens::cli
