// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "energylens/choose/choose.hpp"

namespace energylens::choose {

/// A limit and the prediction of the limited quantity.
struct Limited {
  std::string name;
  predictor::Estimate predicted;
  double limit = kUnknown;  ///< unknown: none
  double scale = 1;         ///< from SI to `unit`
  std::string_view unit;
};

/// Adds a reason to the others.
void add_reason(std::string& reasons, const std::string& reason);

/// Adds the reasons for limits that are likely to be broken to `rejected`. Returns the chance to keep the one that is most
/// likely to be broken: unknown without limits, or without a prediction.
double test_limits(std::span<const Limited> all, double risk, std::string& rejected);

}  // namespace energylens::choose
