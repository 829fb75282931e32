// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "parametric/fit/uncertainty.hpp"
#include "parametric/law/observations.hpp"

namespace energylens::parametric {

/// In words: what these rows do not determine. First the designs that hide a parameter (one tp only, tp*pp constant, one
/// isl, one osl, one batch), then the parameters that the priors decide.
std::vector<std::string> undetermined_sentences(const predictor::PreparedRows& prepared,
                                                std::span<const Observation> observations,
                                                const Uncertainty& uncertainty);

}  // namespace energylens::parametric
