// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace energylens::predictor {

/// Whether predictions of a fit can be used.
enum class Grade { good, usable, do_not_use };

/// "good", "usable" or "do not use", as model files and reports have it.
std::string_view grade_text(Grade grade);
/// The inverse of grade_text; nothing for other text.
std::optional<Grade> grade_named(std::string_view text);

/// The grade of a fit and the reasons for it, worst first. A good fit has one sentence too.
struct Verdict {
  Grade grade = Grade::good;
  std::vector<std::string> reasons;
};

/// "do not use: mean error of the energies 38 %; ..."
std::string verdict_text(const Verdict& verdict);

}  // namespace energylens::predictor
