// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>

#include "energylens/parametric/law_model.hpp"
#include "energylens/parametric/transfer.hpp"
#include "parametric/law/priors.hpp"
#include "parametric/transfer/specifications.hpp"

namespace energylens::parametric {

/// The prior of one parameter set of a group that comes from other groups.
class TransferPrior {
 public:
  /// `sources`: laws that have the target (energy or time) and read isl and steps as the group does; at least one.
  TransferPrior(std::span<const GroupLaw* const> sources, const Described& target, Metric metric,
                Relation relation = Relation::pairs);

  /// Mean and covariance (12 x 12) of the natural coordinates.
  struct Normal {
    Coordinates mean{};
    std::vector<double> covariance;
  };
  /// docs/method/transfer.md (15), or (18) for a population. `spread_factor` multiplies the standard deviations of the
  /// transfer; of a population, all.
  Normal normal(double spread_factor = 1) const;

  const std::vector<PriorSource>& sources() const { return moved_; }
  Form form() const { return form_; }
  /// The factor of `normal` that makes 90 % intervals of targets without rows hold 90 % of them.
  double spread_without_rows() const { return spread_without_rows_; }
  double residual_sd() const { return residual_sd_; }     ///< root mean square over the sources
  double degrees_of_freedom() const { return freedom_; }  ///< of the source with most

 private:
  struct Source {
    Coordinates mean{};                      ///< moved, natural
    std::vector<double> covariance, spread;  ///< natural; spread is that of a pair of groups
  };
  std::vector<Source> each_;
  std::vector<PriorSource> moved_;
  Relation relation_;
  Normal population_;  ///< of a population only
  double spread_without_rows_ = 1;
  double residual_sd_ = kUnknown, freedom_ = 0;
  Form form_ = Form::job;  ///< of the sources
};

/// The candidate weights of the prior, docs/method/transfer.md (16).
std::span<const double> prior_weights();

/// `plain` and the prior, mixed with a weight from 0 (as `plain`) to 1 (the prior alone), in the coordinates
/// of `reference`; docs/method/transfer.md (16).
Priors mixed(const Priors& plain, const TransferPrior& prior, double weight, const Reference& reference);

/// ln of the probability of the rows under the priors, up to a constant that all priors share, by Laplace's
/// approximation at the estimate; docs/method/transfer.md (17).
double log_evidence(std::span<const Observation> observations, const Priors& priors, const Coordinates& z,
                    double cost);

}  // namespace energylens::parametric
