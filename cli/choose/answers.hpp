// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/flags.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::cli {

/// Throws Error (usage) for a question that the model cannot answer for any configuration: ranking needs
/// energies; a rate and limits of latency or power need times.
void require_answers(const predictor::Predictor& predictor, std::size_t group,
                     const choose::Question& question);

/// Throws Error for a trace with a request longer than the context, or if traffic cannot be simulated with this predictor
/// although an option describes it. Without such options, a warning states that arrivals are taken as even.
void check_traffic(const predictor::Predictor& predictor, const predictor::Facts& facts, bool described,
                   choose::Question& question);

/// Warns about unknown figures of the model and the GPU, with the flags that set them. Throws Error (usage)
/// if no layout can be listed without them.
void warn_of_unknown_facts(const predictor::Facts& facts, const predictor::Predictor& predictor,
                           std::size_t group, const SystemFlags& system);

}  // namespace energylens::cli
