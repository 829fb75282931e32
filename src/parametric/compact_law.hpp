// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include "energylens/io/json.hpp"
#include "energylens/parametric/law_model.hpp"

namespace energylens::parametric {

/// A group of the library of fitted laws: what predictions and priors need, in short form. The parameters are twelve
/// numbers in one text, the covariance its lower triangle. The system specification comes from the catalogue.
/// Throws Error with its place.
GroupLaw compact_law_from(const io::Json& json, const hardware::Catalogue& catalogue);

}  // namespace energylens::parametric
