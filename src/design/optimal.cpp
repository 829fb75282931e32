// SPDX-License-Identifier: Apache-2.0
// optimal.cpp: two strategies that value a measurement by its information about the workload. Both start from
// the joint prior of law+residual and are greedy: they pick the best candidate, condition the prior on it,
// and repeat. `i_optimal` minimises the variance of the energies of the workload. `sequential` minimises the
// expected loss of the choice: a measurement has no value where one layout is certainly the best, or where
// two are equal. O(candidates * (questions + places)) for each pick. Held by optimal_test.cpp against
// sampling.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "design/prior.hpp"
#include "design/value.hpp"

namespace energylens::design {
namespace {

/// Cost of an error in the energy of a served row, relative to the cost of a wrong pick. It is large enough
/// that parts of the workload in which the choice is clear are measured too.
constexpr double kErrorWeight = 0.04;

/// Candidates that the prior covers: those of the workload alone while there are any, since a measurement
/// elsewhere misleads the law where the law is wrong.
std::vector<std::size_t> eligible(const Picking& picking, const Prior& prior,
                                  const std::vector<double>& served) {
  std::vector<std::size_t> all, in_workload;
  for (const std::size_t place : picking.problem.candidates) {
    if (!picking.open[place] || !prior.covers(place)) continue;
    all.push_back(place);
    if (served[place] > 0) in_workload.push_back(place);
  }
  return in_workload.empty() ? all : in_workload;
}

/// Picks the candidate of the largest gain until done. `gain` values a place; `taken` is called after each
/// pick.
template <class Gain, class Taken>
void pick_greedily(Picking& picking, Prior& prior, const Gain& gain, const Taken& taken) {
  const std::vector<double> served = served_weights(picking.problem);
  while (!picking.done()) {
    std::optional<std::size_t> best;
    double most = 0;
    for (const std::size_t place : eligible(picking, prior, served)) {
      if (picking.cancelled()) return;
      const double value = gain(place);
      if (best && value <= most) continue;
      best = place;
      most = value;
    }
    if (!best) return;
    prior.measure(*best);
    taken();
    picking.pick(*best);
  }
}

/// The likely winner of a question against one of its rivals.
struct Duel {
  std::size_t winner, rival;
  double lead = 0;    ///< mean of ln(energy of the rival / energy of the winner), >= 0
  double before = 0;  ///< variance of that, before anything was picked
  double weight = 1;
  double explained = 0;  ///< variance that the picks so far will remove
  double value = 0;      ///< of removing it
};

std::vector<Duel> duels_of(const Problem& problem, const Prior& prior) {
  std::vector<Duel> duels;
  for (const WorkloadQuestion& question : problem.workload) {
    std::vector<std::size_t> places = question.places;
    std::erase_if(places, [&](std::size_t place) { return !prior.covers(place); });
    if (places.size() < 2) continue;
    const auto mean = [&](std::size_t place) { return prior.mean(place); };
    const std::size_t winner = *std::ranges::min_element(places, {}, mean);
    for (const std::size_t rival : places) {
      if (rival == winner) continue;
      duels.push_back({winner, rival, mean(rival) - mean(winner), prior.contrast_variance(winner, rival),
                       question.weight, 0, 0});
    }
  }
  return duels;
}

/// The value of measurements for the picks and energies of a workload.
class Worth {
 public:
  Worth(const Problem& problem, const Prior& prior)
      : prior_(prior), duels_(duels_of(problem, prior)), served_(served_weights(problem)) {}

  /// docs/method/design.md (7): less regret, and less error.
  double gain(std::size_t place) const {
    const std::span<const double> c = prior_.covariances(place);
    const double scale = prior_.precision(place);
    double regret = 0, error = 0;
    for (const Duel& duel : duels_) {
      const double step = c[duel.winner] - c[duel.rival];
      regret += duel.weight *
                (value_of_knowing(duel.lead, std::sqrt(duel.explained + step * step * scale)) - duel.value);
    }
    for (std::size_t p = 0; p < served_.size(); ++p) {
      if (served_[p] > 0 && prior_.covers(p)) error += served_[p] * (sd(p, 0) - sd(p, c[p] * c[p] * scale));
    }
    return regret + kErrorWeight * std::sqrt(2 / std::numbers::pi) * error;
  }

  /// Call after each change of the prior.
  void update() {
    for (Duel& duel : duels_) {
      duel.explained = std::max(duel.before - prior_.contrast_variance(duel.winner, duel.rival), 0.0);
      duel.value = value_of_knowing(duel.lead, std::sqrt(duel.explained));
    }
  }

  /// The expected regret, summed over duels: the value of removing all variance, less the value of what the
  /// picks remove.
  double regret() const {
    double sum = 0;
    for (const Duel& duel : duels_) {
      sum += duel.weight * (value_of_knowing(duel.lead, std::sqrt(duel.before)) - duel.value);
    }
    return sum;
  }

 private:
  /// Standard deviation of a measurement at a place whose variance is reduced by `less`.
  double sd(std::size_t place, double less) const {
    const double variance = prior_.covariances(place)[place] - less;
    return std::sqrt(std::max(variance, 0.0) + prior_.noise_variance());
  }

  const Prior& prior_;
  std::vector<Duel> duels_;
  std::vector<double> served_;
};

}  // namespace

double value_of_knowing(double lead, double sd) {
  if (!(sd > 0)) return 0;
  const double z = -std::abs(lead) / sd;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  return sd * (density + z * std::erfc(-z / std::numbers::sqrt2) / 2);
}

void pick_i_optimal(Picking& picking) {
  Prior prior = prior_of(picking.problem, picking.options);
  const std::vector<double> served = served_weights(picking.problem);
  const auto gain = [&](std::size_t place) {
    const std::span<const double> c = prior.covariances(place);
    double sum = 0;
    for (std::size_t p = 0; p < served.size(); ++p) sum += served[p] * c[p] * c[p];
    return sum * prior.precision(place);
  };
  pick_greedily(picking, prior, gain, [] {});
}

void pick_sequential(Picking& picking) {
  Prior prior = prior_of(picking.problem, picking.options);
  Worth worth(picking.problem, prior);
  double questions = 0;
  for (const WorkloadQuestion& question : picking.problem.workload) questions += question.weight;
  picking.design.regret_before = worth.regret() / questions;
  pick_greedily(
      picking, prior, [&](std::size_t place) { return worth.gain(place); }, [&] { worth.update(); });
  picking.design.regret_after = worth.regret() / questions;
}

}  // namespace energylens::design
