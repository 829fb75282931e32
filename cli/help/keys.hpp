// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace energylens::cli {

/// One key of JSON output or of a model file. `key` is the end of its path, such as "rows" or "domain.batch"; the
/// longest one that fits a path holds. `unit` is "" for texts, objects and numbers without a unit.
struct KeyInfo {
  std::string_view key, unit, meaning;
};

/// Those of answers to questions, from predict to plan.
std::span<const KeyInfo> answer_keys();

/// Every key with its unit and meaning, as CSV: those of this program, the columns of the table and the figures of
/// `evaluate`. tools/make_reference writes docs/reference from it and refuses a key that it lacks.
std::string keys_csv();

}  // namespace energylens::cli
