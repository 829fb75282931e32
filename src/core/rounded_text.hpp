// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <string_view>

namespace energylens {

/// A number for people: `digits` significant digits (whole numbers without decimals), no exponent between 1e-4 and
/// 1e15, thousands separated by commas ("5,200", "0.0123", "2"); "-" for an unknown number. Not for data.
std::string rounded_text(double value, int digits = 3);

/// A share as a percentage: "4.56 %"; "-" for an unknown share.
std::string percent_text(double share, int digits = 3);

/// A number as rounded_text writes it with a unit and the metric prefix that fits, from m to T: "1.23 kJ", "45.6 ms", "0 J".
std::string quantity_text(double value, std::string_view unit, int digits = 3);

}  // namespace energylens
