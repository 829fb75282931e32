// SPDX-License-Identifier: Apache-2.0
// A population of groups, docs/method/transfer.md (18). Every coordinate of the law is a sum of what is common to all groups,
// of what a vendor, a GPU, a model, an engine and mixtures of experts add, of trends with published figures, and of what
// is the group's own. All of these are normal with mean 0, so the coordinates of all groups are one normal distribution,
// and the target's are its conditional one given the fits with their covariance. What the target shares with no group
// keeps its whole variance: the prior of a vendor without fits is wide. Cost: one Cholesky factor of 12 n columns.
// Held by population_test.cpp and docs/evidence/library.md.
#include "parametric/transfer/population.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "core/text.hpp"
#include "energylens/hardware/catalogue.hpp"
#include "parametric/fit/uncertainty.hpp"
#include "parametric/transfer/population_spreads.hpp"
#include "parametric/transfer_likeness.hpp"

namespace energylens::parametric {
namespace {

/// What all groups have in common is not known beforehand.
constexpr double kCommonSd = 3;
/// What every figure that is not known adds, as ln of a factor.
constexpr double kFigureUnknown = 1;

/// The coordinates are nearly independent of one another at a usual layout and load.
const Reference kUsual{std::log(4.0), 0, std::log(16.0)};
const Reference kBack{-kUsual.log_tp, -kUsual.log_pp, -kUsual.log_wave_size};

const SpreadTable& spreads(Metric metric, Population population) {
  const bool energy = metric == Metric::energy;
  if (population == Population::server) return energy ? kServerEnergy : kServerTime;
  if (population == Population::job) return energy ? kJobEnergy : kJobTime;
  return energy ? kNoLengthsEnergy : kNoLengthsTime;
}

bool alike(const Member& a, const Member& b, std::size_t trait) {
  return !a.traits[trait].empty() && a.traits[trait] == b.traits[trait];
}

/// Covariance of a coordinate of two groups, but for what is a group's own. Trends are measured from `origin`.
double shared(const Spreads& sd, const Member& a, const Member& b, const Member& origin) {
  double sum = kCommonSd * kCommonSd;
  for (std::size_t i = 0; i < kTraits; ++i) sum += alike(a, b, i) ? sd.traits[i] * sd.traits[i] : 0;
  for (std::size_t f = 0; f < kTrends; ++f) {
    const double product =
        (a.log_figures[f] - origin.log_figures[f]) * (b.log_figures[f] - origin.log_figures[f]);
    if (known(product)) sum += sd.trend * sd.trend * product;
  }
  return sum;
}

double whole(const Spreads& sd) {
  double sum = kCommonSd * kCommonSd + sd.own * sd.own;
  for (const double one : sd.traits) sum += one * one;
  return sum;
}

/// The name of a GPU or model as the catalogue has it.
template <typename Entry>
std::string name_of(const Entry* entry, const std::string& text) {
  return entry ? entry->name : lower_case(text);
}

std::string first_word(const std::string& text) {
  return lower_case(text.substr(0, text.find_first_of(" /")));
}

using Eigen::Index;

}  // namespace

Population population_of(const predictor::GroupContext& group) {
  if (!group.isl_known) return Population::no_lengths;
  return group.serving ? Population::server : Population::job;
}

Member member_of(const Described& group) {
  const hardware::Catalogue& catalogue = hardware::Catalogue::builtin();
  const hardware::Gpu* const gpu = catalogue.find_gpu(group.identity["gpu"]);
  const hardware::Model* const model = catalogue.find_model(group.identity["model"]);
  const predictor::Facts& facts = group.facts;
  return {{gpu ? gpu->vendor : "", name_of(gpu, group.identity["gpu"]),
           name_of(model, group.identity["model"]), lower_case(group.identity["engine"]),
           facts.expert_share < 1 ? "mixture" : "dense", "workload " + lower_case(group.identity["workload"]),
           facts.verified_tokens > 1 ? "speculative" : "plain"},
          {std::log(facts.active_params), std::log(facts.weight_bytes), std::log(facts.gpu_bandwidth_bytes_s),
           std::log(facts.gpu_peak_flops), std::log(facts.gpu_tdp_w)}};
}

PopulationNormal population_normal(const std::vector<MemberFit>& fits, const Member& target, Metric metric,
                                   Population population) {
  const Form form = population == Population::server ? Form::server : Form::job;
  constexpr auto kSize = static_cast<Index>(kParameters);
  const SpreadTable& sd = spreads(metric, population);
  const auto n = static_cast<Index>(fits.size());
  Eigen::MatrixXd between(n * kSize, n * kSize), to_target = Eigen::MatrixXd::Zero(n * kSize, kSize);
  Eigen::VectorXd seen(n * kSize), mean = Eigen::VectorXd::Zero(kSize);
  between.setZero();
  for (Index a = 0; a < n; ++a) {
    const MemberFit& fit = fits[static_cast<std::size_t>(a)];
    const Coordinates there = moved_to_origin(fit.mean, kBack, form);
    const std::vector<double> error = moved_to_origin(fit.covariance, kBack, form);
    for (Index j = 0; j < kSize; ++j) {
      const auto p = static_cast<std::size_t>(j);
      seen[a * kSize + j] = there[p];
      mean[j] += there[p] / static_cast<double>(n);
      to_target(a * kSize + j, j) = shared(sd[p], fit.member, target, target);
      for (Index b = 0; b <= a; ++b)
        between(a * kSize + j, b * kSize + j) =
            shared(sd[p], fit.member, fits[static_cast<std::size_t>(b)].member, target);
      for (Index i = 0; i < kSize; ++i)
        between(a * kSize + j, a * kSize + i) += error[p * kParameters + static_cast<std::size_t>(i)];
      between(a * kSize + j, a * kSize + j) +=
          sd[p].own * sd[p].own + fit.unknown_figures[p] * kFigureUnknown * kFigureUnknown;
    }
  }
  for (Index a = 0; a < n; ++a) seen.segment(a * kSize, kSize) -= mean;
  const Eigen::LLT<Eigen::MatrixXd> root(between.selfadjointView<Eigen::Lower>());
  const Eigen::MatrixXd weights = root.solve(to_target);
  const Eigen::VectorXd there = mean + weights.transpose() * seen;
  const Eigen::MatrixXd told = to_target.transpose() * weights;
  PopulationNormal out;
  Coordinates centred{};
  std::vector<double> covariance(kParameters * kParameters);
  for (Index i = 0; i < kSize; ++i) {
    const auto p = static_cast<std::size_t>(i);
    centred[p] = there[i];
    for (Index j = 0; j < kSize; ++j)
      covariance[p * kParameters + static_cast<std::size_t>(j)] = -(told(i, j) + told(j, i)) / 2;
    covariance[p * kParameters + p] += whole(sd[p]);
  }
  out.mean = moved_to_origin(centred, kUsual, form);
  out.covariance = moved_to_origin(covariance, kUsual, form);
  return out;
}

double likeness(const Member& a, const Member& b, Metric metric, Population population) {
  double sum = 0;
  for (const Spreads& sd : spreads(metric, population)) {
    const double common = kCommonSd * kCommonSd;
    double distance = 0;
    for (std::size_t f = 0; f < kTrends; ++f) {
      const double step = a.log_figures[f] - b.log_figures[f];
      if (known(step)) distance += sd.trend * sd.trend * step * step / 2;
    }
    const double same = shared(sd, a, b, a) - common;
    sum += same / (whole(sd) - common - sd.own * sd.own + distance) / static_cast<double>(kParameters);
  }
  return sum;
}

double likeness_of(const GroupLaw& group, const table::GroupIdentity& identity,
                   const predictor::Facts& facts) {
  const Member a = member_of({group.identity, group.facts}), b = member_of({identity, facts});
  return likeness(a, b, group.energy ? Metric::energy : Metric::time, population_of(group));
}

bool same_engine(const std::string& a, const std::string& b) {
  return first_word(a) == first_word(b);
}

Kinship kinship_of(const table::GroupIdentity& identity, const predictor::Facts& facts) {
  const Member member = member_of({identity, facts});
  const auto trait = [&](Trait which) { return member.traits[static_cast<std::size_t>(which)]; };
  return {trait(Trait::vendor), trait(Trait::gpu), trait(Trait::model)};
}

}  // namespace energylens::parametric
