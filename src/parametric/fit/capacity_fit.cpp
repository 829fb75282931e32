// SPDX-License-Identifier: Apache-2.0
// The posterior of each layout's capacity over a grid of kGrid values within a factor of kReach of the estimate: at
// each value the law is refitted (a few warm steps) to energy and to time, whose misfit shows a wrong number of
// waves; layouts in turn, kSweeps times. The answer is the posterior mean of ln C over the connected region
// around the best value, not the best value itself: between two rows that bracket a step, C is free.
// Priors: ln(C / estimate) ~ N(d, kLayoutSd^2) with one deviation d ~ N(0, kCommonSd^2) common to all layouts.
// About 400 warm refits: 0.1 s. Held by capacity_fit_test.cpp.
#include "parametric/fit/capacity_fit.hpp"

#include <algorithm>
#include <cmath>

#include "parametric/fit/estimate.hpp"
#include "predictor/waves.hpp"

namespace energylens::parametric {
namespace {

constexpr int kGrid = 61, kSweeps = 2, kWarmSteps = 4;
constexpr double kReach = 4;
constexpr double kLayoutSd = 0.5, kCommonSd = 0.5;
constexpr double kRegion = 4;       ///< cost above the least that still belongs to the region
constexpr double kImpossible = 20;  ///< cost of a measured row into whose cache not one request fits
constexpr double kSettled = 0.003;  ///< relative change of a capacity that counts as none

/// One target's fit, kept warm while capacities are varied.
struct WarmFit {
  Metric metric;
  Reference reference;
  Priors priors;
  Coordinates coordinates{};
  bool used = false;
};

class CapacitySearch {
 public:
  CapacitySearch(predictor::PreparedRows& prepared, const predictor::FitOptions& options)
      : prepared_(prepared), options_(options) {
    for (const table::Row& row : prepared.rows) {
      if (std::find(layouts_.begin(), layouts_.end(), row.config.layout) == layouts_.end()) {
        layouts_.push_back(row.config.layout);
      }
    }
    std::sort(layouts_.begin(), layouts_.end());
    for (const table::Layout& layout : layouts_) estimates_.push_back(estimated(layout));
  }

  bool possible() const {
    return !layouts_.empty() &&
           std::all_of(estimates_.begin(), estimates_.end(), [](double c) { return c > 0; });
  }

  FittedCapacity run() {
    capacities_ = estimates_;
    start(fits_[0], Metric::energy);
    start(fits_[1], Metric::time);
    for (int sweep = 0; sweep < kSweeps && improve_each_layout(); ++sweep) {
    }
    apply(capacities_);
    return result();
  }

 private:
  double estimated(const table::Layout& layout) const {
    table::Configuration config;
    config.layout = layout;
    const double tokens =
        predictor::resolve_kv_capacity(config, {prepared_.context.facts, options_.kv_capacity_tokens}).tokens;
    return known(tokens) ? std::max(tokens, kMinimum) : kUnknown;
  }

  std::size_t index_of(const table::Layout& layout) const {
    return static_cast<std::size_t>(std::lower_bound(layouts_.begin(), layouts_.end(), layout) -
                                    layouts_.begin());
  }

  void apply(const std::vector<double>& capacities) {
    for (table::Row& row : prepared_.rows)
      row.config.kv_capacity_tokens = capacities[index_of(row.config.layout)];
  }

  /// Rows that can run at the present capacities; counts the others.
  std::vector<table::Row> runnable(std::size_t& impossible) const;

  void start(WarmFit& fit, Metric metric);
  double misfit(WarmFit& fit, const std::vector<table::Row>& rows) const;
  double prior_cost(const std::vector<double>& capacities) const;
  double cost(const std::vector<double>& capacities, std::array<WarmFit, 2>& fits);
  bool improve_each_layout();
  double posterior_mean(std::size_t layout);
  FittedCapacity result() const;

  static constexpr double kMinimum = 2048;  ///< tokens; an estimate below shows that the estimate is wrong

  predictor::PreparedRows& prepared_;
  const predictor::FitOptions& options_;
  std::vector<table::Layout> layouts_;
  std::vector<double> estimates_, capacities_;
  std::array<WarmFit, 2> fits_;
};

std::vector<table::Row> CapacitySearch::runnable(std::size_t& impossible) const {
  std::vector<table::Row> rows;
  for (const table::Row& row : prepared_.rows) {
    if (predictor::waves(row.config).count() > 0) rows.push_back(row);
  }
  impossible = prepared_.rows.size() - rows.size();
  return rows;
}

/// Priors and reference are fixed at the estimated capacities, so that costs can be compared.
void CapacitySearch::start(WarmFit& fit, Metric metric) {
  apply(capacities_);
  std::size_t impossible = 0;
  const std::vector<table::Row> rows = runnable(impossible);
  fit.metric = metric;
  fit.reference = reference_of(rows);
  const Reading reading = reading_of(prepared_, metric);
  const std::vector<Observation> seen = observations(rows, reading, fit.reference);
  fit.used = !seen.empty();
  if (!fit.used) return;
  fit.priors = priors_for(seen, reading);
  fit.coordinates = estimate(seen, fit.priors, {.starts = 1, .cancel = options_.run.cancel}).coordinates;
}

double CapacitySearch::misfit(WarmFit& fit, const std::vector<table::Row>& rows) const {
  if (!fit.used) return 0;
  const std::vector<Observation> seen = observations(rows, reading_of(prepared_, fit.metric), fit.reference);
  if (seen.empty()) return 0;
  const PointEstimate point = refine(seen, fit.priors, fit.coordinates, kWarmSteps);
  fit.coordinates = point.coordinates;
  return point.cost;
}

/// Half the squared distance from the priors, the common deviation integrated out.
double CapacitySearch::prior_cost(const std::vector<double>& capacities) const {
  const double n = static_cast<double>(capacities.size());
  const double v = kLayoutSd * kLayoutSd, t = kCommonSd * kCommonSd;
  double sum = 0, squares = 0;
  for (std::size_t l = 0; l < capacities.size(); ++l) {
    const double x = std::log(capacities[l] / estimates_[l]);
    sum += x;
    squares += x * x;
  }
  return 0.5 * (squares - sum * sum * t / (v + n * t)) / v;
}

double CapacitySearch::cost(const std::vector<double>& capacities, std::array<WarmFit, 2>& fits) {
  apply(capacities);
  std::size_t impossible = 0;
  const std::vector<table::Row> rows = runnable(impossible);
  const double bad_rows = kImpossible * static_cast<double>(impossible);
  return misfit(fits[0], rows) + misfit(fits[1], rows) + prior_cost(capacities) + bad_rows;
}

bool CapacitySearch::improve_each_layout() {
  bool changed = false;
  for (std::size_t l = 0; l < layouts_.size(); ++l) {
    const double before = capacities_[l];
    capacities_[l] = posterior_mean(l);
    changed = changed || std::abs(capacities_[l] / before - 1) > kSettled;
  }
  return changed;
}

double CapacitySearch::posterior_mean(std::size_t layout) {
  std::array<double, kGrid> log_capacity, costs;
  std::size_t best = 0;
  std::array<WarmFit, 2> best_fits = fits_;
  std::vector<double> trial = capacities_;
  for (std::size_t k = 0; k < kGrid; ++k) {
    const double position = 2.0 * static_cast<double>(k) / (kGrid - 1) - 1;
    log_capacity[k] = std::log(estimates_[layout]) + position * std::log(kReach);
    trial[layout] = std::exp(log_capacity[k]);
    std::array<WarmFit, 2> fits = fits_;
    costs[k] = cost(trial, fits);
    if (k > 0 && !(costs[k] < costs[best])) continue;
    best = k;
    best_fits = fits;
  }
  fits_ = best_fits;
  std::size_t low = best, high = best;
  while (low > 0 && costs[low - 1] < costs[best] + kRegion) --low;
  while (high + 1 < kGrid && costs[high + 1] < costs[best] + kRegion) ++high;
  double weights = 0, sum = 0;
  for (std::size_t k = low; k <= high; ++k) {
    const double weight = std::exp(costs[best] - costs[k]);
    weights += weight;
    sum += weight * log_capacity[k];
  }
  return std::exp(sum / weights);
}

FittedCapacity CapacitySearch::result() const {
  FittedCapacity out;
  double log_factor = 0;
  for (std::size_t l = 0; l < layouts_.size(); ++l) {
    out.by_layout.emplace_back(layouts_[l], capacities_[l]);
    log_factor += std::log(capacities_[l] / estimates_[l]) / static_cast<double>(layouts_.size());
  }
  out.factor = std::exp(log_factor);
  return out;
}

}  // namespace

FittedCapacity fit_capacity(predictor::PreparedRows& prepared, const predictor::FitOptions& options) {
  CapacitySearch search(prepared, options);
  if (search.possible()) return search.run();
  for (table::Row& row : prepared.rows) row.config.kv_capacity_tokens = kUnknown;
  return {};
}

}  // namespace energylens::parametric
