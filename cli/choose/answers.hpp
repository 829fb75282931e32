// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/flags.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::cli {

/// Throws Error (usage) for a question that the model cannot answer whatever the configuration: one without
/// energy ranks nothing, limits of latency and power and a rate need times.
void require_answers(const predictor::Predictor& predictor, std::size_t group,
                     const choose::Question& question);

/// Says what is not known of the model and the GPU, and by which flags to tell; throws Error (usage) if no
/// layout can be listed without it.
void tell_unknown_facts(const predictor::Facts& facts, const predictor::Predictor& predictor,
                        std::size_t group, const SystemFlags& system);

}  // namespace energylens::cli
