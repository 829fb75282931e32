// SPDX-License-Identifier: Apache-2.0
// profile.cpp: profile likelihood intervals of the constants inside terms. One constant is fixed at values
// away from its estimate, all others are fitted again, and the interval ends where the loss has risen too
// far. The square root of the excess loss is nearly linear in the constant, so few fits find an end: steps
// that double from two standard errors on until the loss is too great, then false position on the root, with
// bisection where it stalls. Every fit starts where the previous one ended. Unlike standard errors, profiles
// show constants that compensate each other and intervals that are longer on one side (Venzon and Moolgavkar
// 1988). Tested by tests/search/front/profile_test.cpp.
#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/distributions.hpp"
#include "search/fit/archive.hpp"
#include "search/front/linearised.hpp"
#include "search/identify.hpp"
#include "search/problem/form.hpp"

namespace energylens::search {
namespace {

constexpr double kLevel = 0.95;
constexpr double kFarthestExponent = 16, kFarthestFactor = 1e6;
constexpr double kPrecision = 2e-3;  // of an end, relative to its distance from the estimate

/// The constants of one tree fitted to one dataset, with one of them held.
class Held {
 public:
  Held(const Dataset& dataset, Tree tree, FitSettings settings, std::size_t slot)
      : workspace_(dataset), start_(std::move(tree)), settings_(settings), slot_(slot) {
    settings_.starts = 1;
    settings_.steps = 60;
    settings_.tolerance = 1e-9;
    tree_ = start_;
    best_ = fit_constants(tree_, settings_, workspace_).loss;
    start_ = tree_;
    estimate_ = *inner_constants(start_)[slot_].value;
    exponent_ = inner_constants(start_)[slot_].exponent;
  }

  double estimate() const { return estimate_; }
  double best() const { return best_; }
  bool exponent() const { return exponent_; }

  /// Returns to the estimate.
  void rewind() { tree_ = start_; }
  /// The least loss with the constant at `value`.
  double loss_at(double value) {
    Tree tree = tree_;
    const InnerConstant slot = inner_constants(tree)[slot_];
    *slot.value = value;
    *slot.free = false;
    const double loss = fit_constants(tree, settings_, workspace_).loss;
    if (!std::isfinite(loss)) return loss;
    *slot.free = true;  // the next fit starts here
    tree_ = std::move(tree);
    return loss;
  }

 private:
  FitWorkspace workspace_;
  Tree start_, tree_;
  FitSettings settings_;
  std::size_t slot_;
  double best_ = 0, estimate_ = 0;
  bool exponent_ = false;
};

/// The path from the estimate to one end, in steps x >= 0, which are added to an exponent and to the
/// logarithm of another number.
class Path {
 public:
  Path(Held& held, double rise, int direction) : held_(held), rise_(rise), direction_(direction) {}

  double value(double x) const {
    if (held_.exponent()) return held_.estimate() + direction_ * x;
    return held_.estimate() * std::exp(direction_ * x);
  }
  double farthest() const {
    return held_.exponent() ? kFarthestExponent - direction_ * held_.estimate() : std::log(kFarthestFactor);
  }

  /// The x where the loss has risen as far as allowed; unknown if it never does.
  double end(double first_step) {
    held_.rewind();
    double inside = 0, inside_at = -1, x = std::min(first_step, farthest());
    while (true) {
      const double at = beyond(x);
      if (at > 0) return between(inside, inside_at, x, at);
      if (x >= farthest()) return kUnknown;
      inside = x;
      inside_at = at;
      x = std::min(2 * x, farthest());
    }
  }

 private:
  /// Root of the excess loss, relative to what is allowed, minus 1: -1 at the estimate, 0 at the end.
  double beyond(double x) {
    const double excess = held_.loss_at(value(x)) - held_.best();
    return std::isfinite(excess) ? std::sqrt(std::max(excess, 0.0) / rise_) - 1 : kInfinity;
  }

  double between(double a, double fa, double b, double fb) {
    for (int i = 0; i < 40 && b - a > kPrecision * b; ++i) {
      const bool straight = std::isfinite(fb) && i % 3 != 2;
      double x = straight ? a - fa * (b - a) / (fb - fa) : (a + b) / 2;
      x = std::clamp(x, a + 1e-3 * (b - a), b - 1e-3 * (b - a));
      const double fx = beyond(x);
      if (fx > 0) {
        b = x;
        fb = fx;
      } else {
        a = x;
        fa = fx;
      }
      if (std::fabs(fx) < kPrecision) return x;
    }
    return (a + b) / 2;
  }

  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Held& held_;
  double rise_;
  int direction_;
};

Bounds bounds_of(Held& held, double rise, double standard_error) {
  if (!(rise > 0)) return {held.estimate(), held.estimate()};
  const double scale = held.exponent() ? 1 : std::fabs(held.estimate());
  const double known_step = 2 * standard_error / scale;
  const double step = known_step > 0 && known_step < 1 ? known_step : 0.1;
  Bounds out;
  for (const int direction : {-1, 1}) {
    Path path(held, rise, direction);
    const double x = path.end(step);
    if (!known(x)) continue;
    double& end = direction < 0 ? out.lo : out.hi;
    end = path.value(x);
  }
  if (out.lo > out.hi) std::swap(out.lo, out.hi);
  return out;
}

/// The rows that share one set of inner constants, and how far their loss may rise.
struct ProfileContext {
  Dataset dataset;
  double rise;
};

/// The rows of one group alone: if inner constants are per group, so are coefficients, and groups are
/// independent. `rise`: the allowed rise of the loss over all rows.
ProfileContext profile_context(const Problem& problem, const Form& form, const Options& options,
                               std::size_t group, double rise) {
  std::vector<bool> keep(problem.rows());
  double own = 0, all = 0;
  for (std::size_t i = 0; i < keep.size(); ++i) {
    keep[i] = problem.group_of(i) == group;
    const double weight = problem.weights.empty() ? 1 : problem.weights[i];
    all += weight;
    own += keep[i] ? weight : 0;
  }
  Problem alone = subset(problem, keep);
  alone.groups.clear();
  const double unit =  // errors are relative to the standard deviation of the target
      options.loss == Loss::absolute ? standard_deviation(problem.target) / standard_deviation(alone.target)
                                     : 1;
  return {Dataset(alone, form, options.loss), rise * all / own * unit * unit};
}

/// The tree with the inner constants of one group.
Tree tree_of_group(const Formula& formula, const std::vector<Constant*>& inner, std::size_t group) {
  Tree tree = formula.member->tree;
  const std::vector<InnerConstant> slots = inner_constants(tree);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const std::vector<double>& values = inner[i]->values;
    *slots[i].value = values[values.size() == 1 ? 0 : group];
  }
  return tree;
}

}  // namespace

void profile(Formula& formula, const Problem& problem, const Options& options, const RunOptions& run) {
  if (!formula.member || !known(formula.effective_parameters)) return;
  const double variance = error_variance(formula, problem.rows());
  const double left = static_cast<double>(problem.rows()) - formula.effective_parameters;
  if (!known(variance)) return;
  const double t = numerics::student_t_quantile((1 + kLevel) / 2, left);

  FitSettings settings;
  settings.coefficients = options.coefficients;
  settings.inner = options.exponents;
  settings.positive = options.positive_coefficients;
  const Form form = read_form(problem);
  const double rise = t * t * variance / static_cast<double>(problem.rows());
  std::vector<Constant*> inner;  // in the order of inner_constants()
  for (Constant& c : formula.constants) {
    if (!c.coefficient) inner.push_back(&c);
  }
  std::vector<ProfileContext> contexts;
  const bool own = options.exponents == Scope::per_group && problem.group_count() > 1;
  for (std::size_t g = 0; own && g < problem.group_count(); ++g)
    contexts.push_back(profile_context(problem, form, options, g, rise));
  if (!own) contexts.push_back({Dataset(problem, form, options.loss), rise});
  const std::size_t sets = contexts.size();
  for (Constant* c : inner) c->profile.assign(sets, {});
  parallel_for(inner.size() * sets, run, [&](std::size_t task) {
    const std::size_t i = task / sets, g = task % sets;
    Held held(contexts[g].dataset, tree_of_group(formula, inner, g), settings, i);
    inner[i]->profile[g] = bounds_of(held, contexts[g].rise, inner[i]->standard_errors[g]);
  });
}

}  // namespace energylens::search
