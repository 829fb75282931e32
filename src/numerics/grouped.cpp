// SPDX-License-Identifier: Apache-2.0
// minimise_grouped: Levenberg-Marquardt whose normal matrix has the shape of an arrow (a block per group, one dense border
// for the shared parameters). The groups are eliminated one by one and only the border is factored:
// O(groups * own^3 + shared^3) a step. Scaling, damping, acceptance of steps and ends are those of Ceres' trust-region
// minimiser (Nocedal and Wright 2006, chapter 10; Madsen, Nielsen and Tingleff 2004). Held by grouped_test.cpp against the
// dense solver.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <optional>

#include "numerics/least_squares.hpp"

namespace energylens::numerics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kLeastDiagonal = 1e-6,
                 kGreatestDiagonal = 1e32;       ///< between which damping follows the diagonal
constexpr double kLeastRelativeDecrease = 1e-3;  ///< of the cost, against that of the model
constexpr double kLeastRadius = 1e-32, kGreatestRadius = 1e16;
constexpr int kMostInvalidSteps = 5;

/// The quadratic model around a point.
class Arrow {
 public:
  struct Block {
    MatrixXd normal;    ///< of the own parameters, then the shared ones
    VectorXd gradient;  ///< likewise
  };
  std::vector<Block> groups;
  Block prior;  ///< of the shared parameters alone
  double cost = std::nan("");

  MatrixXd shared_normal() const {
    MatrixXd sum = prior.normal;
    for (const Block& group : groups) sum += group.normal.bottomRightCorner(sum.rows(), sum.rows());
    return sum;
  }
  VectorXd shared_gradient() const {
    VectorXd sum = prior.gradient;
    for (const Block& group : groups) sum += group.gradient.tail(sum.size());
    return sum;
  }
  Index own(std::size_t group) const { return groups[group].gradient.size() - prior.gradient.size(); }

  /// Of all parameters, shared ones last.
  VectorXd gradient() const {
    return together([](const Block& group) { return group.gradient; }, shared_gradient());
  }
  /// Factors that bring the columns of the Jacobian to similar lengths.
  VectorXd scale() const {
    VectorXd out = together([](const Block& group) { return VectorXd(group.normal.diagonal()); },
                            shared_normal().diagonal());
    for (double& value : out) value = 1 / (1 + std::sqrt(value));
    return out;
  }

 private:
  template <class Of>
  VectorXd together(Of of, const VectorXd& of_shared) const {
    std::vector<double> all;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const VectorXd one = of(groups[g]);
      all.insert(all.end(), one.data(), one.data() + own(g));
    }
    all.insert(all.end(), of_shared.data(), of_shared.data() + of_shared.size());
    return Eigen::Map<const VectorXd>(all.data(), static_cast<Index>(all.size()));
  }
};

MatrixXd scaled(const MatrixXd& block, const VectorXd& rows, const VectorXd& columns) {
  MatrixXd out = block;
  for (Index j = 0; j < out.cols(); ++j) out.col(j).array() *= rows.array() * columns[j];
  return out;
}

void damp(MatrixXd& normal, double radius) {
  for (Index i = 0; i < normal.rows(); ++i)
    normal(i, i) += std::clamp(normal(i, i), kLeastDiagonal, kGreatestDiagonal) / radius;
}

/// How the own parameters of a group step.
struct GroupStep {
  VectorXd alone;      ///< if the shared parameters stay
  MatrixXd by_shared;  ///< what each step of a shared one takes from that
};

/// Adds what a group leaves to the normal equations of the shared parameters: Schur's complement.
std::optional<GroupStep> eliminated(const Arrow::Block& group, const VectorXd& own_scale,
                                    const VectorXd& shared_scale, double radius, MatrixXd& corner,
                                    VectorXd& right) {
  const Index own = own_scale.size(), shared = shared_scale.size();
  MatrixXd block = scaled(group.normal.topLeftCorner(own, own), own_scale, own_scale);
  damp(block, radius);
  const Eigen::LLT<MatrixXd> factor(block);
  if (factor.info() != Eigen::Success) return std::nullopt;
  const MatrixXd border = scaled(group.normal.topRightCorner(own, shared), own_scale, shared_scale);
  const VectorXd downhill = -(group.gradient.head(own).cwiseProduct(own_scale));
  GroupStep step{factor.solve(downhill), factor.solve(border)};
  corner.noalias() -= border.transpose() * step.by_shared;
  right.noalias() -= border.transpose() * step.alone;
  return step;
}

/// Empty where a matrix cannot be factored.
VectorXd damped_step(const Arrow& model, const VectorXd& scale, double radius) {
  const Index shared = model.prior.gradient.size();
  const VectorXd shared_scale = scale.tail(shared);
  MatrixXd corner = scaled(model.shared_normal(), shared_scale, shared_scale);
  damp(corner, radius);
  VectorXd right = -(model.shared_gradient().cwiseProduct(shared_scale));
  std::vector<GroupStep> groups;
  Index first = 0;
  for (std::size_t g = 0; g < model.groups.size(); ++g) {
    const VectorXd own_scale = scale.segment(first, model.own(g));
    const auto step = eliminated(model.groups[g], own_scale, shared_scale, radius, corner, right);
    if (!step) return {};
    groups.push_back(*step);
    first += model.own(g);
  }
  const Eigen::LLT<MatrixXd> factor(corner);
  if (factor.info() != Eigen::Success) return {};
  const VectorXd shared_step = factor.solve(right);
  VectorXd out(scale.size());
  first = 0;
  for (const GroupStep& group : groups) {
    out.segment(first, group.alone.size()) = group.alone - group.by_shared * shared_step;
    first += group.alone.size();
  }
  out.tail(shared) = shared_step;
  return out.cwiseProduct(scale);
}

/// By how much the model falls along the step.
double expected_decrease(const Arrow& model, const VectorXd& step) {
  const VectorXd shared_step = step.tail(model.prior.gradient.size());
  double curved = shared_step.dot(model.prior.normal * shared_step);
  Index first = 0;
  for (std::size_t g = 0; g < model.groups.size(); ++g) {
    VectorXd of_group(model.groups[g].gradient.size());
    of_group << step.segment(first, model.own(g)), shared_step;
    curved += of_group.dot(model.groups[g].normal * of_group);
    first += model.own(g);
  }
  return -model.gradient().dot(step) - 0.5 * curved;
}

/// Evaluates the residuals of all groups at points.
class GroupedCost {
 public:
  explicit GroupedCost(const GroupedProblem& problem)
      : problem_(problem), shared_(static_cast<Index>(problem.shared)) {}

  /// NaN where the residuals are not finite. Fills the model unless it is null.
  double at(const VectorXd& x, Arrow* model) const {
    if (model) model->groups.resize(problem_.groups.size());
    double sum = 0;
    Index first = 0;
    const std::span<const double> shared(x.data() + x.size() - shared_, problem_.shared);
    for (std::size_t g = 0; g < problem_.groups.size(); ++g) {
      const GroupedProblem::Group& group = problem_.groups[g];
      const std::size_t n = group.residuals, k = group.parameters;
      VectorXd f(static_cast<Index>(n));
      MatrixXd jacobian(model ? f.size() : 0, static_cast<Index>(k + problem_.shared));
      const std::span<double> slopes(jacobian.data(), static_cast<std::size_t>(jacobian.size()));
      const std::size_t own = model ? n * k : 0;
      if (!group.evaluate({x.data() + first, k}, shared, {f.data(), n}, slopes.first(own),
                          slopes.subspan(own)))
        return std::nan("");
      sum += 0.5 * f.squaredNorm();
      if (model) set_block(model->groups[g], jacobian, f);
      first += static_cast<Index>(k);
    }
    return sum + prior_at(shared, model);
  }

 private:
  double prior_at(std::span<const double> shared, Arrow* model) const {
    const Problem& prior = problem_.shared_prior;
    if (model) model->prior = {MatrixXd::Zero(shared_, shared_), VectorXd::Zero(shared_)};
    if (prior.residuals == 0) return 0;
    VectorXd f(static_cast<Index>(prior.residuals));
    MatrixXd jacobian = MatrixXd::Zero(model ? f.size() : 0, shared_);
    if (!prior.evaluate(shared, {f.data(), prior.residuals},
                        {jacobian.data(), static_cast<std::size_t>(jacobian.size())}))
      return std::nan("");
    if (model) set_block(model->prior, jacobian, f);
    return 0.5 * f.squaredNorm();
  }
  static void set_block(Arrow::Block& block, const MatrixXd& jacobian, const VectorXd& f) {
    block.normal.noalias() = jacobian.transpose() * jacobian;
    block.gradient.noalias() = jacobian.transpose() * f;
  }

  const GroupedProblem& problem_;
  Index shared_;
};

class GroupedMinimiser {
 public:
  GroupedMinimiser(const GroupedProblem& problem, std::span<const double> start, const Options& options)
      : cost_(problem),
        options_(options),
        radius_(options.initial_radius),
        x_(Eigen::Map<const VectorXd>(start.data(), static_cast<Index>(start.size()))) {}

  Report run() {
    model_.cost = cost_.at(x_, &model_);
    report_.cost_start = model_.cost;
    if (!std::isfinite(model_.cost)) return ended(Termination::not_finite);
    scale_ = model_.scale();
    for (report_.steps = 0; report_.steps < options_.max_steps; ++report_.steps) {
      if (model_.gradient().cwiseAbs().maxCoeff() <= options_.gradient_tolerance)
        return ended(Termination::converged);
      if (options_.cancel && options_.cancel->cancelled()) return ended(Termination::cancelled);
      if (radius_ < kLeastRadius || invalid_ > kMostInvalidSteps) return ended(Termination::converged);
      if (step_converges()) {
        ++report_.steps;
        return ended(Termination::converged);
      }
    }
    return ended(Termination::step_limit);
  }

 private:
  Report ended(Termination why) {
    report_.why = why;
    report_.cost_end = model_.cost;
    report_.x.assign(x_.data(), x_.data() + x_.size());
    return std::move(report_);
  }

  /// One step, taken if it lowers the cost about as far as the model says. Returns whether it is so short that the search
  /// is at its end.
  bool step_converges() {
    const VectorXd step = damped_step(model_, scale_, radius_);
    const double expected = step.size() > 0 ? expected_decrease(model_, step) : 0;
    if (!(expected > 0)) {
      ++invalid_;
      reject();
      return false;
    }
    invalid_ = 0;
    const VectorXd candidate = x_ + step;
    const double cost = cost_.at(candidate, nullptr);
    if (step.norm() <= options_.step_tolerance * (x_.norm() + options_.step_tolerance)) return true;
    if (std::abs(model_.cost - cost) <= options_.cost_tolerance * model_.cost) return true;
    const double quality = (model_.cost - cost) / expected;
    if (!(quality > kLeastRelativeDecrease)) {
      reject();
      return false;
    }
    x_ = candidate;
    model_.cost = cost_.at(x_, &model_);
    radius_ = std::min(kGreatestRadius, radius_ / std::max(1.0 / 3, 1 - std::pow(2 * quality - 1, 3)));
    shrink_ = 2;
    return false;
  }

  void reject() {
    radius_ /= shrink_;
    shrink_ *= 2;
  }

  GroupedCost cost_;
  const Options& options_;
  double radius_, shrink_ = 2;
  int invalid_ = 0;
  VectorXd x_, scale_;
  Arrow model_;
  Report report_;
};

}  // namespace

Report minimise_grouped(const GroupedProblem& problem, std::span<const double> start,
                        const Options& options) {
  return GroupedMinimiser(problem, start, options).run();
}

}  // namespace energylens::numerics
