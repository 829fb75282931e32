// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/choose/options.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/io/json.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::cli {

/// The answer of one group of one model file to a question.
struct Answer {
  std::string model;
  table::GroupIdentity identity;
  choose::Choice choice;
  choose::Question question;
  bool sound = true;  ///< rows of the group were measured, and the verdict of the fit is not "do not use"
};

/// The ranked configurations of one group. `question` receives the power limits and the curve of its GPU. Throws Error
/// (usage) if the model cannot answer.
choose::Choice answer(const predictor::Predictor& predictor, const std::string& model,
                      const ChooseOptions& options, choose::Question& question);

/// The answers of all groups of the model files that match --where. Each group is drawn with a different seed.
std::vector<Answer> answers_of(const ChooseOptions& options);

/// Whether the best group of all may be trusted: sound, and its best configuration inside the fitted domain.
bool best_is_sound(const std::vector<Answer>& answers);

/// The groups by the energy per request of their best configurations, with joint chances.
std::string across_text(const std::vector<Answer>& answers, bool show_model);
io::Json across_json(const std::vector<Answer>& answers);
/// The same as rows of plain values, for CSV.
io::Json across_rows(const std::vector<Answer>& answers);

}  // namespace energylens::cli
