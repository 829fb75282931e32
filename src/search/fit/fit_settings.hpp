// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/search/options.hpp"

namespace energylens::search {

/// How the constants of a formula are fitted.
struct FitSettings {
  Scope coefficients = Scope::per_group, inner = Scope::shared;
  bool positive = false;         ///< coefficients of terms must be > 0; one that would be negative becomes 0
  bool positive_inner = false;   ///< numbers inside brackets and functions must be > 0
  double greatest_exponent = 8;  ///< bound on the size of a fitted exponent
  int steps = 15;                ///< maximum number of Levenberg-Marquardt steps
  double tolerance = 1e-6;       ///< stop when a step lowers the loss by less than this share of it
  int starts = 1;  ///< number of descents from different starts; 1: from the numbers in the tree
};

}  // namespace energylens::search
