// SPDX-License-Identifier: Apache-2.0
// descend: BFGS with an inverse Hessian that starts as the unit matrix and a step that is halved until the
// value has fallen enough (Nocedal and Wright, Numerical Optimization, 2006, algorithms 3.1 and 6.1). Held by
// bfgs_test.cpp.
#include "numerics/bfgs.hpp"

#include <Eigen/Core>
#include <cmath>

namespace energylens::numerics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Place {
  VectorXd x, gradient;
  double value = 0;

  Place(const SmoothFunction& function, VectorXd at) : x(std::move(at)), gradient(VectorXd::Zero(x.size())) {
    const auto n = static_cast<std::size_t>(x.size());
    value = function({x.data(), n}, {gradient.data(), n});
  }
  bool finite() const { return std::isfinite(value) && gradient.allFinite(); }
};

/// The first of ever shorter steps that lowers the value as its slope promises; `from` itself if none does.
Place search_along(const SmoothFunction& function, const Place& from, const VectorXd& direction) {
  constexpr double kEnough = 1e-4;
  constexpr int kHalvings = 20;
  const double slope = from.gradient.dot(direction);
  double length = 1;
  for (int i = 0; i < kHalvings; ++i, length /= 2) {
    Place to(function, from.x + length * direction);
    if (to.finite() && to.value <= from.value + kEnough * length * slope) return to;
  }
  return from;
}

void learn_curvature(MatrixXd& inverse, const VectorXd& step, const VectorXd& change) {
  const double curvature = step.dot(change);
  if (!(curvature > 1e-12 * step.norm() * change.norm())) return;
  const MatrixXd unit = MatrixXd::Identity(inverse.rows(), inverse.cols());
  const MatrixXd left = unit - step * change.transpose() / curvature;
  inverse = left * inverse * left.transpose() + step * step.transpose() / curvature;
}

}  // namespace

std::vector<double> descend(const SmoothFunction& function, std::vector<double> start,
                            const DescentOptions& options) {
  const auto n = static_cast<Eigen::Index>(start.size());
  Place here(function, Eigen::Map<const VectorXd>(start.data(), n));
  if (n == 0 || !here.finite()) return start;
  MatrixXd inverse = MatrixXd::Identity(n, n);
  for (int step = 0; step < options.max_steps; ++step) {
    if (options.cancel && options.cancel->cancelled()) break;
    VectorXd direction = -inverse * here.gradient;
    const double longest = direction.cwiseAbs().maxCoeff();
    if (longest > options.longest_step) direction *= options.longest_step / longest;
    const Place next = search_along(function, here, direction);
    const double gain = here.value - next.value;
    learn_curvature(inverse, next.x - here.x, next.gradient - here.gradient);
    here = next;
    if (!(gain > options.tolerance)) break;
  }
  return {here.x.data(), here.x.data() + n};
}

}  // namespace energylens::numerics
