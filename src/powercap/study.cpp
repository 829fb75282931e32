// SPDX-License-Identifier: Apache-2.0
// Leave one model out, then two caps alone, then the prior alone, all scored alike. Held by study_test.cpp.
#include "powercap/study.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "numerics/summary.hpp"

namespace energylens::powercap {
namespace {

/// Errors of one way to predict.
struct Errors {
  std::vector<double> energy, time;
};

/// Adds the errors of all points but the reference and those in `seen`.
void add_errors(const Curve& curve, const Sweep& sweep, const std::set<std::size_t>& seen, Errors& out) {
  const CapPoint& reference = sweep.points.back();
  for (std::size_t i = 0; i + 1 < sweep.points.size(); ++i) {
    if (seen.contains(i)) continue;
    const CapPoint& point = sweep.points[i];
    const Factors factors = at_cap(curve, reference.power_w, point.cap_w);
    out.energy.push_back(std::abs(factors.energy * reference.energy_j / point.energy_j - 1));
    out.time.push_back(std::abs(factors.time * reference.time_s / point.time_s - 1));
  }
}

template <typename Energy>
std::size_t least(const Sweep& sweep, const Energy& energy) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < sweep.points.size(); ++i) {
    if (energy(sweep.points[i]) < energy(sweep.points[best])) best = i;
  }
  return best;
}

struct Scores {
  std::set<std::string> models;
  std::size_t sweeps = 0, hits = 0;
  double regret = 0;
  Errors left_out, two_caps, prior;

  void add(const Scores& other) {
    models.insert(other.models.begin(), other.models.end());
    sweeps += other.sweeps;
    hits += other.hits;
    regret += other.regret;
    const auto append = [](Errors& to, const Errors& from) {
      to.energy.insert(to.energy.end(), from.energy.begin(), from.energy.end());
      to.time.insert(to.time.end(), from.time.begin(), from.time.end());
    };
    append(left_out, other.left_out);
    append(two_caps, other.two_caps);
    append(prior, other.prior);
  }
};

double quantile_of(const std::vector<double>& values, double p) {
  return values.empty() ? kUnknown : numerics::quantile(values, p);
}

StudyResult result_of(std::string gpu, const Scores& scores) {
  const double n = static_cast<double>(scores.sweeps);
  return {std::move(gpu),
          scores.models.size(),
          scores.sweeps,
          scores.left_out.energy.size(),
          quantile_of(scores.left_out.energy, 0.5),
          quantile_of(scores.left_out.energy, 0.9),
          quantile_of(scores.left_out.time, 0.5),
          quantile_of(scores.left_out.time, 0.9),
          static_cast<double>(scores.hits) / n,
          scores.regret / n,
          quantile_of(scores.two_caps.energy, 0.5),
          quantile_of(scores.prior.energy, 0.5)};
}

void score_best(const Curve& curve, const Sweep& sweep, Scores& scores) {
  const CapPoint& reference = sweep.points.back();
  const std::size_t named = least(
      sweep, [&](const CapPoint& point) { return at_cap(curve, reference.power_w, point.cap_w).energy; });
  const std::size_t best = least(sweep, [](const CapPoint& point) { return point.energy_j; });
  scores.hits += named <= best + 1 && best <= named + 1 ? 1 : 0;
  scores.regret += sweep.points[named].energy_j / sweep.points[best].energy_j - 1;
}

void score_two_caps(const Sweep& sweep, double tdp_w, Scores& scores) {
  const std::size_t last = sweep.points.size() - 1;
  for (const std::size_t second : {last / 4, last / 2}) {
    if (last < 3) continue;
    const Sweep two{sweep.gpu, sweep.model, {sweep.points[second], sweep.points[last]}};
    const Sweep* const only = &two;
    add_errors(fit_curve({&only, 1}, tdp_w), sweep, {second}, scores.two_caps);
  }
}

Scores scores_of(std::span<const Sweep* const> own, double tdp_w) {
  Scores scores;
  for (const Sweep* sweep : own) scores.models.insert(sweep->model);
  if (scores.models.size() < 2) return {};
  for (const std::string& model : scores.models) {
    std::vector<const Sweep*> others;
    std::ranges::copy_if(own, std::back_inserter(others), [&](const Sweep* s) { return s->model != model; });
    const Curve curve = fit_curve(others, tdp_w);
    Curve prior = prior_curve(tdp_w);
    prior.cap_use = curve.cap_use;  // of the meter, not of the curve
    for (const Sweep* sweep : own) {
      if (sweep->model != model) continue;
      ++scores.sweeps;
      add_errors(curve, *sweep, {}, scores.left_out);
      add_errors(prior, *sweep, {}, scores.prior);
      score_best(curve, *sweep, scores);
      score_two_caps(*sweep, tdp_w, scores);
    }
  }
  return scores;
}

}  // namespace

std::vector<StudyResult> study(std::span<const Sweep> sweeps, const hardware::Catalogue& catalogue) {
  std::map<std::string, std::vector<const Sweep*>> by_gpu;
  for (const Sweep& sweep : sweeps) by_gpu[sweep.gpu].push_back(&sweep);
  std::vector<StudyResult> out;
  Scores all;
  for (const auto& [gpu, own] : by_gpu) {
    const hardware::Gpu* const entry = catalogue.find_gpu(gpu);
    double tdp_w = 0;
    for (const Sweep* sweep : own) tdp_w = std::max(tdp_w, sweep->points.back().cap_w);
    const Scores scores = scores_of(own, entry && known(entry->tdp_w.value) ? entry->tdp_w.value : tdp_w);
    if (scores.sweeps == 0) continue;
    out.push_back(result_of(gpu, scores));
    all.add(scores);
  }
  if (all.sweeps > 0) out.push_back(result_of("", all));
  return out;
}

}  // namespace energylens::powercap
