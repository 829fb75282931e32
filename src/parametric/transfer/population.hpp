// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <string>
#include <vector>

#include "parametric/law/terms.hpp"
#include "parametric/transfer/specifications.hpp"

namespace energylens::parametric {

/// What can make two groups alike, besides published figures.
enum class Trait { vendor, gpu, model, engine, mixture, workload, speculation };
inline constexpr std::size_t kTraits = 7;
/// The published figures that numbers follow beyond the ratios of docs/method/transfer.md (14).
inline constexpr std::size_t kTrends = 5;

/// Groups are compared with those that are read alike.
enum class Population { job, no_lengths, server };
Population population_of(const predictor::GroupContext& group);

/// A group as the population sees it.
struct Member {
  std::array<std::string, kTraits> traits;  ///< "" where unknown: like no other
  std::array<double, kTrends>
      log_figures{};  ///< active parameters, weight bytes, bandwidth, peak, power limit
};
Member member_of(const Described& group);

/// A fitted group of the population: its coordinates after (14), so those that the target would have if it differed from
/// this group in published figures alone.
struct MemberFit {
  Member member;
  Coordinates mean{};
  std::vector<double> covariance;  ///< 12 x 12
  std::array<int, kParameters> unknown_figures{};
};

struct PopulationNormal {
  Coordinates mean{};
  std::vector<double> covariance;  ///< 12 x 12
};

/// What the population says of the target: docs/method/transfer.md (18). Requires: a fit.
PopulationNormal population_normal(const std::vector<MemberFit>& fits, const Member& target, Metric metric,
                                   Population population);

/// How near a group is to the target, from 0 (nothing in common) to 1 (the same system): the share of the variance between
/// groups that they have in common, averaged over the numbers of the law.
double likeness(const Member& a, const Member& b, Metric metric, Population population);

}  // namespace energylens::parametric
