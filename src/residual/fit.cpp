// SPDX-License-Identifier: Apache-2.0
// A Gaussian process is trained on the residuals of a form (the law, or power times time), in three steps.
// 1. Rows further from the formula than any residual of a sound row are left out: one mislabelled row spoils
// its neighbours.
// 2. So are, after a first fit, rows that contradict their neighbours.
// 3. The width of the intervals is calibrated on forecasts of each row from the others, because hyperparameters fitted to
//    few rows give intervals that are too narrow.
// Held by fit_test.cpp and the figures of docs/evidence/results.md.
#include "residual/fit.hpp"
#include "numerics/distributions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "energylens/parametric/fit.hpp"
#include "numerics/summary.hpp"
#include "parametric/structure_fit.hpp"
#include "residual/kernel.hpp"
#include "residual/wave_points.hpp"

namespace energylens::residual {
namespace {

/// A sound row is nearer to the formula than the larger of these: a difference of logarithms, or times the
/// median distance.
constexpr double kFar = 0.15, kFarInMedians = 4;
/// A row that its neighbours miss by more standard deviations contradicts them.
constexpr double kContradiction = 3;
/// The prior that the process states its uncertainty correctly counts as this many rows.
constexpr double kPriorRows = 30;

/// A training row of the process.
struct TrainingRow {
  numerics::Observation seen;
  std::array<double, 3> load;  ///< batch, osl, isl: for the order
};

double or_zero(double value) {
  return known(value) ? value : 0;
}

/// In an order that depends on their values alone.
std::vector<TrainingRow> training_rows_of(const parametric::Model& form, std::size_t index,
                                          const predictor::TrainingGroup& training,
                                          std::span<const table::Layout> layouts) {
  std::vector<TrainingRow> rows;
  for (const std::size_t r : training.rows) {
    const table::Row& row = training.group->rows[r];
    const double measured = row.scenario_energy_j();
    const table::Load& load = row.config.load;
    const predictor::Prediction said = form.predict(index, row.config);
    const std::optional<predictor::Breakdown> breakdown = breakdown_of(form, index, row.config, said);
    if (!(measured > 0) || !breakdown) continue;
    rows.push_back({{place_of(*breakdown, load, label_of(layouts, row.config.layout)),
                     std::log(measured / said.scenario_energy(load.kind).value)},
                    {load.batch, or_zero(load.osl), or_zero(load.isl)}});
  }
  std::ranges::sort(rows, {}, [](const TrainingRow& row) {
    return std::tuple(row.load, row.seen.at[0].label, row.seen.value);
  });
  return rows;
}

std::vector<numerics::Observation> observations_of(const std::vector<TrainingRow>& rows) {
  std::vector<numerics::Observation> out;
  for (const TrainingRow& row : rows) out.push_back(row.seen);
  return out;
}

/// Moves the rows that `is_odd` from one list to the other.
template <class IsOdd>
void set_aside(std::vector<TrainingRow>& rows, std::vector<TrainingRow>& aside, const IsOdd& is_odd) {
  std::vector<TrainingRow> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) (is_odd(i) ? aside : kept).push_back(rows[i]);
  rows = std::move(kept);
}

void set_aside_far_from_formula(std::vector<TrainingRow>& rows, std::vector<TrainingRow>& aside) {
  std::vector<double> distances;
  for (const TrainingRow& row : rows) distances.push_back(std::abs(row.seen.value));
  const double limit = std::max(kFar, kFarInMedians * numerics::quantile(distances, 0.5));
  set_aside(rows, aside, [&](std::size_t i) { return distances[i] > limit; });
}

/// Errors of forecasts of each row from the others, in standard deviations.
std::vector<double> errors(const numerics::Process& process, const std::vector<TrainingRow>& rows) {
  const std::vector<numerics::Forecast> without = process.leave_one_out();
  std::vector<double> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.push_back(std::abs(rows[i].seen.value - without[i].mean) / std::sqrt(without[i].variance));
  }
  return out;
}

void set_aside_contradictions(const numerics::Process& process, std::vector<TrainingRow>& rows,
                              std::vector<TrainingRow>& aside) {
  const std::vector<double> error = errors(process, rows);
  set_aside(rows, aside, [&](std::size_t i) { return error[i] > kContradiction; });
}

/// The 90 % quantile of errors over that of a normal distribution, one row more than there are (conformal),
/// rows that were set aside included; `spent` parameters of the formula were fitted to the same rows.
double widening_of(const numerics::Process& process, const std::vector<TrainingRow>& rows,
                   const std::vector<TrainingRow>& aside, double spent) {
  std::vector<double> all = errors(process, rows);
  for (const TrainingRow& row : aside) {
    const numerics::Forecast forecast = process.predict(row.seen.at);
    all.push_back(std::abs(row.seen.value - forecast.mean) /
                  std::hypot(std::sqrt(forecast.variance), process.noise_sd()));
  }
  const double n = static_cast<double>(all.size());
  const double wide = numerics::quantile(all, std::min(1.0, 0.9 * (n + 1) / n)) / numerics::kNormal90;
  return std::sqrt((n * wide * wide + kPriorRows) / (std::max(n - spent, 0.0) + kPriorRows));
}

/// Keeps at most kMostProcessRows rows, evenly spread over their order; returns how many were dropped.
std::size_t thin_out(std::vector<TrainingRow>& rows) {
  const std::size_t all = rows.size();
  if (all <= kMostProcessRows) return 0;
  std::vector<TrainingRow> kept;
  for (std::size_t i = 0; i < kMostProcessRows; ++i)
    kept.push_back(std::move(rows[i * all / kMostProcessRows]));
  rows = std::move(kept);
  return all - rows.size();
}

std::optional<Correction> correction_of(const parametric::Model& form, std::size_t index,
                                        const predictor::TrainingGroup& training,
                                        const predictor::FitOptions& options) {
  std::vector<table::Layout> layouts = replicas_of(form.layouts(index));
  std::vector<TrainingRow> rows = training_rows_of(form, index, training, layouts), aside;
  if (rows.empty()) return std::nullopt;
  numerics::FitOptions gp_options;
  gp_options.cancel = options.run.cancel;
  set_aside_far_from_formula(rows, aside);
  const std::size_t not_used = thin_out(rows);
  numerics::Process process = numerics::fit(prior(), observations_of(rows), gp_options);
  const std::size_t before = rows.size();
  set_aside_contradictions(process, rows, aside);
  const std::size_t left_out = aside.size();
  thin_out(aside);  // each takes a forecast
  if (rows.size() < before) process = numerics::fit(prior(), observations_of(rows), gp_options);
  const double widening =
      widening_of(process, rows, aside, form.fit(index, predictor::Metric::energy)->effective_parameters);
  return Correction{std::move(process), std::move(layouts), left_out, not_used, widening};
}

}  // namespace

CorrectedModel correct(std::shared_ptr<const parametric::Model> form, const predictor::TrainingData& data,
                       const predictor::FitOptions& options) {
  std::vector<std::optional<Correction>> corrections;
  for (std::size_t g = 0; g < data.size(); ++g)
    corrections.push_back(correction_of(*form, g, data[g], options));
  return {std::move(form), std::move(corrections)};
}

CorrectedModel fit(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return correct(std::make_shared<parametric::LawModel>(parametric::fit_law(data, options)), data, options);
}

CorrectedModel fit_power_time(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return correct(std::make_shared<parametric::StructureModel>(parametric::fit_power_time(data, options)),
                 data, options);
}

}  // namespace energylens::residual
