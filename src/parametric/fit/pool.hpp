// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/table/group.hpp"
#include "parametric/fit/uncertainty.hpp"

namespace energylens::parametric {

/// One group of a pooled fit.
struct PoolGroup {
  std::vector<Observation> observations;  ///< relative to the common reference; at least one
  Priors priors;
};

/// What the coordinates of groups are regressed on; the first feature is 1.
struct PoolFeatures {
  std::vector<std::vector<double>> values;  ///< by group
  std::size_t of_exponents = 1;  ///< parameters other than scales depend on this many of the first features
};

/// 1, an indicator per gpu but the commonest; then (for scales) one per workload and arch but the commonest, and
/// ln params, ln active params, ln mean osl and ln bytes per weight against their medians, 0 where unknown.
PoolFeatures pool_features(std::span<const table::Group* const> groups,
                           std::span<const predictor::Facts> facts);

/// The estimate of each group and its uncertainty. Shared coordinates are counted once in
/// `effective_parameters`.
struct PoolEstimate {
  std::vector<PointEstimate> groups;
  std::vector<Uncertainty> uncertainties;
  double effective_parameters = kUnknown;
};

/// Partial pooling: every coordinate of every group is drawn to one linear regression on the features, whose
/// coefficients are fitted together with the groups. docs/method/law.md (10). Requires: at least one group, all of one form.
PoolEstimate estimate_pooled(std::span<const PoolGroup> groups, const PoolFeatures& features,
                             const CancelToken* cancel);

}  // namespace energylens::parametric
