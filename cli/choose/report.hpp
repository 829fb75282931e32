// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>

#include "cli/asked_model.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {

/// "tp4pp2", "tp4pp2 at 300 W".
std::string configuration_name(const choose::Configuration& one);
io::Json configuration_json(const choose::Configuration& one);

/// The answer of `choose`: the first `top` ranked configurations (0: all), every rejected one with its
/// reason, and the two optima.
std::string choice_text(const choose::Choice& choice, bool job, std::size_t top);
io::Json choice_json(const choose::Choice& choice, std::size_t top);

/// The answer to a question in one of the formats, with the question, the model and the verdict of its fit.
std::string choice_answer(const choose::Choice& choice, const choose::Question& question,
                          const AskedModel& model, std::size_t top, const std::string& format);

}  // namespace energylens::cli
