// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cmath>

namespace energylens::numerics {

// Robust losses, written as squared residuals.
//
// Least squares gives a residual r the loss r^2 / 2, so one outlier ten times as far off as the others pulls as
// hard as a hundred of them. A robust loss rho(r) equals r^2 / (2 scale^2) near zero and grows more slowly beyond
// the knee, so the pull of an outlier is bounded (linear tail) or even decreases (root tail).
//
// A solver of nonlinear least squares minimises sums of squares only. Each loss here is therefore returned as the
// value f with f^2 / 2 = rho(r) and the sign of r, together with its slope df/dr: multiply the Jacobian row of r by
// `slope` and use `value` as the residual. No reweighting between iterations is needed.
//
//    rho/knee^2
//      |          .  r^2/2
//      |        .      ___---  linear tail (soft L1)
//      |      . ___---   ____  root tail
//      |    .__----------
//      |_.--____________________ |r| / (scale knee)
//
// Both tails belong to Barron's family ("A General and Adaptive Robust Loss Function", CVPR 2019): soft L1 (also
// called pseudo-Huber) is alpha = 1, the root tail is alpha = 1/2.

/// How the loss grows beyond the knee: as |r| or as sqrt|r|.
enum class Tail { linear, root };

/// `scale`: standard deviation of ordinary residuals. `knee`: where the tail begins, in units of `scale`.
struct RobustLoss {
  double scale = 0.06, knee = 0.4;
  Tail tail = Tail::root;
};

/// The loss of one residual as a square, with what the variance of robust estimates needs
/// (Huber, Robust Statistics, 1981, section 7.6).
struct RobustResidual {
  double value, slope;                ///< value^2 / 2 is the loss; slope = d value / d r
  double influence, influence_slope;  ///< d loss / d r times scale^2, which is r near 0, and its derivative

  // With beta = 2 - alpha and base = 1 + u^2 / beta, Barron's loss is beta / alpha (base^(alpha/2) - 1); divided
  // out so that nothing cancels near zero.
  RobustResidual(double r, const RobustLoss& loss) noexcept {
    const bool linear = loss.tail == Tail::linear;
    const double u = r / (loss.scale * loss.knee);
    const double base = 1 + u * u / (linear ? 1 : 1.5);
    const double second = std::sqrt(base), fourth = linear ? 1 : std::sqrt(second);
    const double factor = linear ? std::sqrt(2 / (second + 1)) : 2 / std::sqrt((second + 1) * (fourth + 1));
    const double pull = linear ? 1 / second : fourth / base;
    value = loss.knee * u * factor;
    slope = pull / (factor * loss.scale);
    influence = r * pull;
    influence_slope = pull / base * (linear ? 1 : 1 - u * u / 3);
  }
};

/// Soft L1 alone, without the influence: what inner loops over a linear tail need. Equal to RobustResidual with
/// Tail::linear but for rounding of the slope.
struct SoftL1Residual {
  double value, slope;

  SoftL1Residual(double r, double scale, double knee) noexcept {
    const double u = r / (scale * knee), root = std::sqrt(1 + u * u);
    const double factor = std::sqrt(2 / (root + 1));
    value = knee * u * factor;
    slope = 1 / (root * factor * scale);
  }
};

}  // namespace energylens::numerics
