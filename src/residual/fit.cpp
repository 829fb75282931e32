// SPDX-License-Identifier: Apache-2.0
// What a formula (the law, or one of discovery) leaves of the measured energies is taught to a Gaussian
// process, in three steps.
// 1. Rows further from the formula than any residual of a sound row are left out: one mislabelled row spoils
// its neighbours.
// 2. So are, after a first fit, rows that contradict their neighbours.
// 3. How wide the intervals must be is asked of the rows themselves, each forecast from the others:
//    hyperparameters fitted to few rows claim too much.
// Held by fit_test.cpp and the figures of docs/results.md.
#include "energylens/residual/fit.hpp"
#include "energylens/numerics/distributions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "energylens/numerics/summary.hpp"
#include "energylens/parametric/fit.hpp"
#include "energylens/parametric/structure_fit.hpp"
#include "energylens/residual/kernel.hpp"
#include "residual/formulas.hpp"
#include "residual/places.hpp"

namespace energylens::residual {
namespace {

/// A sound row is nearer to the formula than the larger of these: a difference of logarithms, or times the
/// median distance.
constexpr double kFar = 0.15, kFarInMedians = 4;
/// A row that its neighbours miss by more standard deviations contradicts them.
constexpr double kContradiction = 3;
/// The belief that the process states its uncertainty right weighs so many rows.
constexpr double kBelievedRows = 30;

/// A training row as the process sees it.
struct Lesson {
  numerics::Observation seen;
  std::array<double, 3> load;  ///< batch, osl, isl: for the order
};

double or_zero(double value) {
  return known(value) ? value : 0;
}

/// In an order that depends on their values alone.
std::vector<Lesson> lessons_of(const Formula& formula, std::size_t index,
                               const predictor::TrainingGroup& training,
                               std::span<const table::Layout> layouts) {
  std::vector<Lesson> lessons;
  for (const std::size_t r : training.rows) {
    const table::Row& row = training.group->rows[r];
    const double measured = row.scenario_energy_j();
    const table::Load& load = row.config.load;
    const predictor::Prediction said = formula.predictor().predict(index, row.config);
    const std::optional<predictor::Anatomy> anatomy = anatomy_of(formula, index, row.config, said);
    if (!(measured > 0) || !anatomy) continue;
    lessons.push_back({{place_of(*anatomy, load, label_of(layouts, row.config.layout)),
                        std::log(measured / said.scenario_energy(load.kind).value)},
                       {load.batch, or_zero(load.osl), or_zero(load.isl)}});
  }
  std::ranges::sort(lessons, {}, [](const Lesson& lesson) {
    return std::tuple(lesson.load, lesson.seen.at[0].label, lesson.seen.value);
  });
  return lessons;
}

std::vector<numerics::Observation> observations_of(const std::vector<Lesson>& lessons) {
  std::vector<numerics::Observation> out;
  for (const Lesson& lesson : lessons) out.push_back(lesson.seen);
  return out;
}

/// Moves the lessons that `is_odd` from one list to the other.
template <class IsOdd>
void set_aside(std::vector<Lesson>& lessons, std::vector<Lesson>& aside, const IsOdd& is_odd) {
  std::vector<Lesson> kept;
  for (std::size_t i = 0; i < lessons.size(); ++i) (is_odd(i) ? aside : kept).push_back(lessons[i]);
  lessons = std::move(kept);
}

void set_aside_far_from_formula(std::vector<Lesson>& lessons, std::vector<Lesson>& aside) {
  std::vector<double> distances;
  for (const Lesson& lesson : lessons) distances.push_back(std::abs(lesson.seen.value));
  const double limit = std::max(kFar, kFarInMedians * numerics::quantile(distances, 0.5));
  set_aside(lessons, aside, [&](std::size_t i) { return distances[i] > limit; });
}

/// Errors of forecasts of each lesson from the others, in standard deviations.
std::vector<double> errors(const numerics::Process& process, const std::vector<Lesson>& lessons) {
  const std::vector<numerics::Forecast> without = process.leave_one_out();
  std::vector<double> out;
  for (std::size_t i = 0; i < lessons.size(); ++i) {
    out.push_back(std::abs(lessons[i].seen.value - without[i].mean) / std::sqrt(without[i].variance));
  }
  return out;
}

void set_aside_contradictions(const numerics::Process& process, std::vector<Lesson>& lessons,
                              std::vector<Lesson>& aside) {
  const std::vector<double> error = errors(process, lessons);
  set_aside(lessons, aside, [&](std::size_t i) { return error[i] > kContradiction; });
}

/// The 90 % quantile of errors over that of a normal distribution, one row more than there are (conformal),
/// rows that were set aside included; `spent` parameters of the formula were fitted to the same rows.
double widening_of(const numerics::Process& process, const std::vector<Lesson>& lessons,
                   const std::vector<Lesson>& aside, double spent) {
  std::vector<double> all = errors(process, lessons);
  for (const Lesson& lesson : aside) {
    const numerics::Forecast forecast = process.predict(lesson.seen.at);
    all.push_back(std::abs(lesson.seen.value - forecast.mean) /
                  std::hypot(std::sqrt(forecast.variance), process.noise_sd()));
  }
  const double n = static_cast<double>(all.size());
  const double wide = numerics::quantile(all, std::min(1.0, 0.9 * (n + 1) / n)) / numerics::kNormal90;
  return std::sqrt((n * wide * wide + kBelievedRows) / (std::max(n - spent, 0.0) + kBelievedRows));
}

std::optional<Correction> correction_of(const Formula& formula, std::size_t index,
                                        const predictor::TrainingGroup& training,
                                        const predictor::FitOptions& options) {
  std::vector<table::Layout> layouts = replicas_of(formula.predictor().layouts(index));
  std::vector<Lesson> lessons = lessons_of(formula, index, training, layouts), aside;
  if (lessons.empty()) return std::nullopt;
  numerics::FitOptions gp_options;
  gp_options.cancel = options.run.cancel;
  set_aside_far_from_formula(lessons, aside);
  numerics::Process process = numerics::fit(prior(), observations_of(lessons), gp_options);
  const std::size_t before = lessons.size();
  set_aside_contradictions(process, lessons, aside);
  if (lessons.size() < before) process = numerics::fit(prior(), observations_of(lessons), gp_options);
  const double widening = widening_of(process, lessons, aside, formula.doubt(index)->effective_parameters);
  return Correction{std::move(process), std::move(layouts), aside.size(), widening};
}

std::vector<std::optional<Correction>> corrections_of(const Formula& formula,
                                                      const predictor::TrainingData& data,
                                                      const predictor::FitOptions& options) {
  std::vector<std::optional<Correction>> out;
  for (std::size_t g = 0; g < data.size(); ++g) out.push_back(correction_of(formula, g, data[g], options));
  return out;
}

}  // namespace

Model fit(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  auto law = std::make_shared<const law::Model>(law::fit(data, options));
  return {*law, corrections_of(*formula_of(law), data, options)};
}

PowerTime fit_power_time(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  auto formula = std::make_shared<const discovered::Model>(discovered::fit_power_time(data, options));
  return {formula, corrections_of(*formula_of(formula), data, options)};
}

}  // namespace energylens::residual
