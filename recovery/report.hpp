// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>

#include "recovery/attempt.hpp"

namespace energylens::recovery {

/// {"suite", ..., "exact_rate", "r2_rate", "problems": [{"name", "exact", "r2", "seconds", "formula"}]};
/// rates are null where nothing was judged.
std::string outcome_json(const std::string& suite, const AttemptOptions& options,
                         std::span<const Outcome> outcomes);
/// The same as a table of Markdown.
std::string outcome_table(std::span<const Outcome> outcomes);
/// "exact 74 of 100, R2 > 0.999 in 91"
std::string summary(std::span<const Outcome> outcomes);

}  // namespace energylens::recovery
