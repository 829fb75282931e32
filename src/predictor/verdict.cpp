// SPDX-License-Identifier: Apache-2.0
// Held by tests/predictor/verdict_test.cpp.
#include "energylens/predictor/verdict.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace energylens::predictor {
namespace {

constexpr std::array<std::string_view, 3> kGrades = {"good", "usable", "do not use"};

}  // namespace

std::string_view grade_text(Grade grade) {
  return kGrades[static_cast<std::size_t>(grade)];
}

std::optional<Grade> grade_named(std::string_view text) {
  const auto found = std::ranges::find(kGrades, text);
  if (found == kGrades.end()) return std::nullopt;
  return static_cast<Grade>(found - kGrades.begin());
}

std::string verdict_text(const Verdict& verdict) {
  const std::string grade(grade_text(verdict.grade));
  return verdict.reasons.empty() ? grade : grade + ": " + join(verdict.reasons, "; ");
}

}  // namespace energylens::predictor
