// SPDX-License-Identifier: Apache-2.0
// minimise: a thin skin over Ceres' TinySolver, which keeps no heap of objects and costs microseconds a
// step where the general solver costs tenths of a millisecond. Held by least_squares_test.cpp (NIST sets).
#include "numerics/least_squares.hpp"

#include <ceres/tiny_solver.h>

#include <algorithm>
#include <cmath>

namespace energylens::numerics {
namespace {

/// What TinySolver asks of a function; a refused evaluation becomes NaN, which it rejects as a step.
class TinyFunction {
 public:
  using Scalar = double;
  enum { NUM_RESIDUALS = Eigen::Dynamic, NUM_PARAMETERS = Eigen::Dynamic };

  TinyFunction(const Problem& problem, const CancelToken* cancel) : problem_(problem), cancel_(cancel) {}
  int NumResiduals() const { return static_cast<int>(problem_.residuals); }
  int NumParameters() const { return static_cast<int>(problem_.parameters); }

  bool operator()(const double* x, double* f, double* jacobian) const {
    const std::size_t n = problem_.residuals, k = problem_.parameters;
    const bool stopped = cancel_ && cancel_->cancelled();
    const bool ok = !stopped && problem_.evaluate({x, k}, {f, n}, {jacobian, jacobian ? n * k : 0});
    if (!ok) std::fill(f, f + n, std::nan(""));
    if (!ok && jacobian) std::fill(jacobian, jacobian + n * k, 0.0);
    return ok;
  }

 private:
  const Problem& problem_;
  const CancelToken* cancel_;
};

using Solver = ceres::TinySolver<TinyFunction>;

Termination reason(const Solver& solver, const Options& options) {
  if (options.cancel && options.cancel->cancelled()) return Termination::cancelled;
  if (!std::isfinite(solver.summary.final_cost)) return Termination::not_finite;
  return solver.summary.status == Solver::HIT_MAX_ITERATIONS ? Termination::step_limit
                                                             : Termination::converged;
}

/// TinySolver takes a start that is refused for a minimum, so it must not see one.
bool finite_at(std::span<const double> start, const Problem& problem, const TinyFunction& function) {
  std::vector<double> f(problem.residuals);
  return function(start.data(), f.data(), nullptr) &&
         std::all_of(f.begin(), f.end(), [](double r) { return std::isfinite(r); });
}

}  // namespace

std::string_view termination_text(Termination why) {
  switch (why) {
    case Termination::converged:
      return "converged";
    case Termination::step_limit:
      return "step_limit";
    case Termination::not_finite:
      return "not_finite";
    case Termination::cancelled:
      return "cancelled";
  }
  return "";
}

bool Report::usable() const {
  return std::isfinite(cost_end) && !(cost_end > cost_start);
}

Report minimise(const Problem& problem, std::span<const double> start, const Options& options) {
  const TinyFunction function(problem, options.cancel);
  if (!finite_at(start, problem, function)) {
    const bool cancelled = options.cancel && options.cancel->cancelled();
    const double none = std::nan("");
    return {cancelled ? Termination::cancelled : Termination::not_finite,
            none,
            none,
            0,
            {start.begin(), start.end()}};
  }
  Solver solver;
  solver.options.max_num_iterations = options.max_steps;
  solver.options.function_tolerance = options.cost_tolerance;
  solver.options.parameter_tolerance = options.step_tolerance;
  solver.options.gradient_tolerance = options.gradient_tolerance;
  solver.options.cost_threshold = 1e-30;
  solver.options.initial_trust_region_radius = options.initial_radius;
  Solver::Parameters x =
      Eigen::Map<const Eigen::VectorXd>(start.data(), static_cast<Eigen::Index>(start.size()));
  solver.Solve(function, &x);
  return {reason(solver, options),
          solver.summary.initial_cost,
          solver.summary.final_cost,
          solver.summary.iterations,
          {x.data(), x.data() + x.size()}};
}

}  // namespace energylens::numerics
