// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>

#include "energylens/core/number_text.hpp"

namespace energylens::powercap {

/// How power and time of one type of GPU follow its clock, in three numbers. At the share phi of the clock at which the
/// work draws `reference_w`, with s the static power, n the exponent and c the knee:
///     power  P(phi) = s + (reference_w - s) phi^n
///     time   T(phi) / T(1) = ((1 + (c/phi)^5) / (1 + c^5))^(1/5)
/// Above the knee the memory decides and the clock changes little; below it time grows as 1/phi. A power cap sets
/// the fastest clock whose power keeps it. Source: docs/method/power-caps.md (1), (2).
struct Curve {
  double static_w = kUnknown;  ///< s: power of one GPU that does not follow the clock, W
  double knee = kUnknown;      ///< c: share of the clock at which arithmetic takes as long as memory
  double exponent = kUnknown;  ///< n: 1 where the voltage is at its floor, 3 where it follows the clock
  double cap_use = 1;          ///< power that the meter shows over the cap, where the cap binds
  /// Of (ln static_w, ln knee, ln exponent), row-major.
  std::array<double, 9> covariance{};
  double residual_sd = 0;  ///< of ln(energy) at half of the power, beyond what the three numbers leave open
  bool fitted = false;     ///< false: the prior
};

/// The curve of a GPU without rows at several caps: static power an eighth of the TDP, within a factor of 1.6 (one
/// standard deviation), knee 0.55 within 1.3, exponent 1 within 1.16.
Curve prior_curve(double tdp_w);

/// Power, time and energy over those of the reference.
struct Factors {
  double clock = 1, power = 1, time = 1, energy = 1;
  double log_sd_time = 0, log_sd_energy = 0;  ///< standard deviations of their logarithms
};

/// At a power cap of `cap_w` for each GPU, relative to work that draws `reference_w` for each GPU: 1 if the cap does
/// not bind. Below the power of the lowest clock (0.14 of the reference) nothing changes. Requires: positive numbers.
Factors at_cap(const Curve& curve, double reference_w, double cap_w);

/// At a clock of `share` times that of the reference, 0 < share <= 1.
Factors at_clock(const Curve& curve, double reference_w, double share);

}  // namespace energylens::powercap
