// SPDX-License-Identifier: Apache-2.0
// minimise_grouped: the normal matrix has the shape of an arrow (a block per group, one dense border for the
// shared parameters), so the groups are eliminated one by one and only the border is factored:
// O(groups * own^3 + shared^3) a step. Held by grouped_test.cpp against the dense solver.
#include <ceres/ceres.h>

#include <algorithm>
#include <cmath>

#include "numerics/least_squares.hpp"

namespace energylens::numerics {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Ceres wants row-major Jacobians; ours are column-major.
void transpose_into(const std::vector<double>& column_major, std::size_t rows, std::size_t columns,
                    double* out) {
  const auto r = static_cast<Eigen::Index>(rows), c = static_cast<Eigen::Index>(columns);
  Eigen::Map<RowMajor>(out, r, c) = Eigen::Map<const Eigen::MatrixXd>(column_major.data(), r, c);
}

class GroupCost final : public ceres::CostFunction {
 public:
  GroupCost(const GroupedProblem::Group& group, std::size_t shared) : group_(group), shared_(shared) {
    set_num_residuals(static_cast<int>(group.residuals));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(group.parameters));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(shared));
  }

  bool Evaluate(double const* const* x, double* f, double** jacobians) const override {
    const std::size_t n = group_.residuals, k = group_.parameters;
    std::vector<double> own(jacobians ? n * k : 0), shared(jacobians ? n * shared_ : 0);
    if (!group_.evaluate({x[0], k}, {x[1], shared_}, {f, n}, own, shared)) return false;
    if (jacobians && jacobians[0]) transpose_into(own, n, k, jacobians[0]);
    if (jacobians && jacobians[1]) transpose_into(shared, n, shared_, jacobians[1]);
    return true;
  }

 private:
  const GroupedProblem::Group& group_;
  std::size_t shared_;
};

class SharedCost final : public ceres::CostFunction {
 public:
  explicit SharedCost(const Problem& problem) : problem_(problem) {
    set_num_residuals(static_cast<int>(problem.residuals));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(problem.parameters));
  }

  bool Evaluate(double const* const* x, double* f, double** jacobians) const override {
    const std::size_t n = problem_.residuals, k = problem_.parameters;
    std::vector<double> jacobian(jacobians && jacobians[0] ? n * k : 0);
    if (!problem_.evaluate({x[0], k}, {f, n}, jacobian)) return false;
    if (!jacobian.empty()) transpose_into(jacobian, n, k, jacobians[0]);
    return true;
  }

 private:
  const Problem& problem_;
};

class StopOnCancel final : public ceres::IterationCallback {
 public:
  explicit StopOnCancel(const CancelToken* cancel) : cancel_(cancel) {}
  ceres::CallbackReturnType operator()(const ceres::IterationSummary&) override {
    return cancel_ && cancel_->cancelled() ? ceres::SOLVER_ABORT : ceres::SOLVER_CONTINUE;
  }

 private:
  const CancelToken* cancel_;
};

ceres::Solver::Options solver_options(const Options& options, ceres::IterationCallback* callback) {
  ceres::Solver::Options out;
  out.linear_solver_type = ceres::DENSE_SCHUR;
  out.max_num_iterations = options.max_steps;
  out.function_tolerance = options.cost_tolerance;
  out.parameter_tolerance = options.step_tolerance;
  out.gradient_tolerance = options.gradient_tolerance;
  out.initial_trust_region_radius = options.initial_radius;
  out.num_threads = 1;
  out.logging_type = ceres::SILENT;
  out.callbacks.push_back(callback);
  return out;
}

Termination reason(const ceres::Solver::Summary& summary) {
  switch (summary.termination_type) {
    case ceres::CONVERGENCE:
      return Termination::converged;
    case ceres::NO_CONVERGENCE:
      return Termination::step_limit;
    case ceres::USER_FAILURE:
      return Termination::cancelled;
    default:
      return Termination::not_finite;
  }
}

/// Ceres marks a cost it could not compute as -1.
double cost_of(double ceres_cost) {
  return ceres_cost < 0 ? std::nan("") : ceres_cost;
}

}  // namespace

Report minimise_grouped(const GroupedProblem& problem, std::span<const double> start,
                        const Options& options) {
  std::vector<double> x(start.begin(), start.end());
  double* const shared = x.data() + x.size() - problem.shared;
  StopOnCancel stop(options.cancel);
  ceres::Solver::Options settings = solver_options(options, &stop);
  settings.linear_solver_ordering = std::make_shared<ceres::ParameterBlockOrdering>();
  ceres::Problem ceres_problem;
  double* own = x.data();
  for (const GroupedProblem::Group& group : problem.groups) {
    ceres_problem.AddResidualBlock(new GroupCost(group, problem.shared), nullptr, own, shared);
    settings.linear_solver_ordering->AddElementToGroup(own, 0);
    own += group.parameters;
  }
  settings.linear_solver_ordering->AddElementToGroup(shared, 1);
  if (problem.shared_prior.residuals > 0) {
    ceres_problem.AddResidualBlock(new SharedCost(problem.shared_prior), nullptr, shared);
  }
  ceres::Solver::Summary summary;
  ceres::Solve(settings, &ceres_problem, &summary);
  return {reason(summary), cost_of(summary.initial_cost), cost_of(summary.final_cost),
          std::max(static_cast<int>(summary.iterations.size()) - 1, 0), std::move(x)};
}

}  // namespace energylens::numerics
