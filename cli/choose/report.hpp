// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <string>

#include "cli/asked_model.hpp"
#include "cli/choose/cost_report.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {

/// "tp4pp2", "tp4pp2 at 300 W".
std::string configuration_name(const choose::Configuration& one);
io::Json configuration_json(const choose::Configuration& one);

/// What was asked, for answers that repeat it.
io::Json question_json(const choose::Question& question, const CostQuestion& cost);

/// What the report of `choose` shows.
struct Reported {
  const choose::Choice& choice;
  const choose::Question& question;
  const CostQuestion& cost;
  std::size_t top = 0;  ///< ranked configurations to show; 0: all

  std::size_t shown() const { return top == 0 ? choice.accepted : std::min(top, choice.accepted); }
};

/// The answer to a question in one of the formats: the ranked configurations, every rejected one with its reason, the
/// optima, the cost, and the question, the model and the verdict of its fit.
std::string choice_answer(const Reported& reported, const AskedModel& model, const std::string& format);

}  // namespace energylens::cli
