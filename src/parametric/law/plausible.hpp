// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/law_model.hpp"
#include "parametric/law/observations.hpp"

namespace energylens::parametric {

/// Warnings about rows whose energy looks like a mistake, one sentence per kind: less than the arithmetic of the model
/// needs on that GPU, or far from the law fitted to the other rows.
std::vector<std::string> implausible_rows(const predictor::PreparedRows& prepared, const GroupLaw& law);

/// A sentence about rows whose energy is below that of their arithmetic; "" if there are none.
std::string below_arithmetic_text(const predictor::PreparedRows& prepared);

}  // namespace energylens::parametric
