// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/predictor/structure.hpp"
#include "energylens/search/front.hpp"

namespace energylens::discovery {

/// The structure of a formula of a front. `positive`: coefficients of terms are > 0.
predictor::Structure structure_of(const search::Formula& formula, const std::string& form, bool positive);

}  // namespace energylens::discovery
