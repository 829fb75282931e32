// SPDX-License-Identifier: Apache-2.0
// optimal.cpp: two ways to judge a measurement by what it tells about the workload, both from the joint
// belief of law+residual and both greedy: the best candidate is taken, the belief is changed by it, and so
// on. `i_optimal` counts variance of the energies that will be asked for. `sequential` counts what a choice
// loses by not knowing: a measurement is worth nothing where one layout is best for sure, or where two are
// equal. O(candidates * (questions + places)) for each pick. Held by optimal_test.cpp against sampling.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "design/belief.hpp"
#include "design/value.hpp"

namespace energylens::design {
namespace {

/// What a wrong energy of a served row costs, in units of what a wrong pick costs: enough that no part of the
/// workload is left without a measurement once the choice there is clear.
constexpr double kErrorWeight = 0.04;

/// Candidates that the belief knows; those that are themselves served come alone while there are any: where
/// the law is wrong, what is measured elsewhere teaches it the wrong things.
std::vector<std::size_t> eligible(const Picking& picking, const Belief& belief,
                                  const std::vector<double>& served) {
  std::vector<std::size_t> all, asked;
  for (const std::size_t place : picking.problem.candidates) {
    if (!picking.open[place] || !belief.knows(place)) continue;
    all.push_back(place);
    if (served[place] > 0) asked.push_back(place);
  }
  return asked.empty() ? all : asked;
}

/// Takes the candidate of the largest gain until done. `gain` judges a place, `taken` is told of a pick.
template <class Gain, class Taken>
void pick_greedily(Picking& picking, Belief& belief, const Gain& gain, const Taken& taken) {
  const std::vector<double> served = served_weights(picking.problem);
  while (!picking.done()) {
    std::optional<std::size_t> best;
    double most = 0;
    for (const std::size_t place : eligible(picking, belief, served)) {
      if (picking.cancelled()) return;
      const double value = gain(place);
      if (best && value <= most) continue;
      best = place;
      most = value;
    }
    if (!best) return;
    belief.measure(*best);
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
  double told = 0;   ///< variance that the picks so far will take away
  double value = 0;  ///< of knowing so much
};

std::vector<Duel> duels_of(const Problem& problem, const Belief& belief) {
  std::vector<Duel> duels;
  for (const Question& question : problem.workload) {
    std::vector<std::size_t> places = question.places;
    std::erase_if(places, [&](std::size_t place) { return !belief.knows(place); });
    if (places.size() < 2) continue;
    const auto mean = [&](std::size_t place) { return belief.mean(place); };
    const std::size_t winner = *std::ranges::min_element(places, {}, mean);
    for (const std::size_t rival : places) {
      if (rival == winner) continue;
      duels.push_back({winner, rival, mean(rival) - mean(winner), belief.contrast_variance(winner, rival),
                       question.weight, 0, 0});
    }
  }
  return duels;
}

/// Worth of a workload's picks and energies under a belief.
class Worth {
 public:
  Worth(const Problem& problem, const Belief& belief)
      : belief_(belief), duels_(duels_of(problem, belief)), served_(served_weights(problem)) {}

  /// docs/method/design.md (7): less regret, and less error.
  double gain(std::size_t place) const {
    const std::span<const double> c = belief_.covariances(place);
    const double scale = belief_.precision(place);
    double regret = 0, error = 0;
    for (const Duel& duel : duels_) {
      const double step = c[duel.winner] - c[duel.rival];
      regret += duel.weight *
                (value_of_knowing(duel.lead, std::sqrt(duel.told + step * step * scale)) - duel.value);
    }
    for (std::size_t p = 0; p < served_.size(); ++p) {
      if (served_[p] > 0 && belief_.knows(p)) error += served_[p] * (sd(p, 0) - sd(p, c[p] * c[p] * scale));
    }
    return regret + kErrorWeight * std::sqrt(2 / std::numbers::pi) * error;
  }

  /// To be called after the belief has changed.
  void update() {
    for (Duel& duel : duels_) {
      duel.told = std::max(duel.before - belief_.contrast_variance(duel.winner, duel.rival), 0.0);
      duel.value = value_of_knowing(duel.lead, std::sqrt(duel.told));
    }
  }

  /// The sum over duels of what not knowing costs, from what it was before any pick.
  double regret() const {
    double sum = 0;
    for (const Duel& duel : duels_) {
      sum += duel.weight * (value_of_knowing(duel.lead, std::sqrt(duel.before)) - duel.value);
    }
    return sum;
  }

 private:
  /// Of what would be measured at a place, were its variance less.
  double sd(std::size_t place, double less) const {
    const double variance = belief_.covariances(place)[place] - less;
    return std::sqrt(std::max(variance, 0.0) + belief_.noise_variance());
  }

  const Belief& belief_;
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
  Belief belief = belief_of(picking.problem, picking.options);
  const std::vector<double> served = served_weights(picking.problem);
  const auto gain = [&](std::size_t place) {
    const std::span<const double> c = belief.covariances(place);
    double sum = 0;
    for (std::size_t p = 0; p < served.size(); ++p) sum += served[p] * c[p] * c[p];
    return sum * belief.precision(place);
  };
  pick_greedily(picking, belief, gain, [] {});
}

void pick_sequential(Picking& picking) {
  Belief belief = belief_of(picking.problem, picking.options);
  Worth worth(picking.problem, belief);
  double questions = 0;
  for (const Question& question : picking.problem.workload) questions += question.weight;
  picking.design.regret_before = worth.regret() / questions;
  pick_greedily(
      picking, belief, [&](std::size_t place) { return worth.gain(place); }, [&] { worth.update(); });
  picking.design.regret_after = worth.regret() / questions;
}

}  // namespace energylens::design
