// SPDX-License-Identifier: Apache-2.0
// metrics.cpp: figures from outcomes. Held by metrics_test.cpp with cases counted by hand.
#include "energylens/eval/metrics.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace energylens::eval {
namespace {

constexpr std::array<MetricInfo, kMetrics> kInfos = {{
    {Metric::top1, "top1", true,
     "fraction of scenarios in which the picked layout has the lowest measured energy"},
    {Metric::top1_within_1pct, "top1_within_1pct", true, "fraction of picks within 1 % of the lowest energy"},
    {Metric::pairwise, "pairwise", true,
     "fraction of candidate pairs that are ordered correctly, mean over scenarios"},
    {Metric::regret_mean, "regret_mean", false,
     "mean regret: extra energy of the pick, as a fraction of the lowest energy"},
    {Metric::regret_p95, "regret_p95", false, "95th percentile of the regrets, over the picks of all seeds"},
    {Metric::mape, "mape", false, "mean of |predicted - measured| / measured"},
    {Metric::median_ape, "median_ape", false, "median of |predicted - measured| / measured"},
    {Metric::coverage_90, "coverage_90", true,
     "fraction of rows whose measured energy lies in the 90 % interval"},
    {Metric::interval_score, "interval_score", false,
     "mean of (width of the 90 % interval + 20 times the distance outside it) / measured energy"},
    {Metric::unpredicted, "unpredicted", false,
     "fraction of rows for which the predictor does not predict an energy"},
    {Metric::prefill_median_ape, "prefill_median_ape", false,
     "median absolute relative error of the prefill energy, where it was measured"},
    {Metric::decode_median_ape, "decode_median_ape", false,
     "median absolute relative error of the decode energy, where it was measured"},
    {Metric::breach_rate, "breach_rate", false, "fraction of picks that exceed the limit"},
    {Metric::tpot_mape, "tpot_mape", false,
     "mean absolute relative error of the time per output token, where it was predicted"},
    {Metric::tpot_median_ape, "tpot_median_ape", false,
     "median absolute relative error of the time per output token, where it was predicted"},
    {Metric::chance_best, "chance_best", true,
     "mean predicted probability that the pick is the best; ideally equal to top1"},
    {Metric::calibration_error, "calibration_error", false,
     "mean difference between predicted probability and observed frequency, in ten bins, over all seeds"},
}};

/// Gneiting and Raftery 2007, at 90 %, relative to what was measured.
double interval_score(const RowOutcome& row) {
  constexpr double kMissPrice = 2 / 0.1;
  const auto& [value, lo, hi] = row.predicted;
  const double miss = std::max({0.0, lo - row.measured, row.measured - hi});
  return (hi - lo + kMissPrice * miss) / row.measured;
}

class Figures {
 public:
  double& operator[](Metric metric) { return values_[static_cast<std::size_t>(metric)]; }
  const std::array<double, kMetrics>& values() const { return values_; }
  Figures() { values_.fill(kUnknown); }

 private:
  std::array<double, kMetrics> values_;
};

void measure_picks(const std::vector<PickOutcome>& picks, Figures& figures) {
  std::vector<double> right, near, regrets, pairs, breaches, chances;
  for (const PickOutcome& pick : picks) {
    right.push_back(pick.regret <= 0 ? 1 : 0);
    near.push_back(pick.regret <= 0.01 ? 1 : 0);
    regrets.push_back(pick.regret);
    pairs.push_back(pick.pairwise);
    breaches.push_back(pick.breach);
    chances.push_back(pick.chance);
  }
  figures[Metric::chance_best] = mean(chances);
  figures[Metric::top1] = mean(right);
  figures[Metric::top1_within_1pct] = mean(near);
  figures[Metric::pairwise] = mean(pairs);
  figures[Metric::regret_mean] = mean(regrets);
  figures[Metric::breach_rate] = mean(breaches);
  figures[Metric::regret_p95] = quantile(std::move(regrets), 0.95);
}

void measure_rows(const std::vector<RowOutcome>& rows, Figures& figures) {
  std::vector<double> errors, covered, scores, missing, prefill, decode, tpot;
  for (const RowOutcome& row : rows) {
    const auto& [value, lo, hi] = row.predicted;
    missing.push_back(known(value) ? 0 : 1);
    errors.push_back(std::abs(value - row.measured) / row.measured);
    prefill.push_back(row.prefill_ape);
    decode.push_back(row.decode_ape);
    tpot.push_back(row.tpot_ape);
    if (!known(lo) || !known(hi)) continue;
    covered.push_back(lo <= row.measured && row.measured <= hi ? 1 : 0);
    scores.push_back(interval_score(row));
  }
  figures[Metric::mape] = mean(errors);
  figures[Metric::median_ape] = quantile(std::move(errors), 0.5);
  figures[Metric::coverage_90] = mean(covered);
  figures[Metric::interval_score] = mean(scores);
  figures[Metric::unpredicted] = mean(missing);
  figures[Metric::prefill_median_ape] = quantile(std::move(prefill), 0.5);
  figures[Metric::decode_median_ape] = quantile(std::move(decode), 0.5);
  figures[Metric::tpot_mape] = mean(tpot);
  figures[Metric::tpot_median_ape] = quantile(std::move(tpot), 0.5);
}

}  // namespace

std::span<const MetricInfo, kMetrics> metric_infos() {
  return kInfos;
}

double regret(std::span<const table::Row> candidates, std::size_t picked) {
  assert(picked < candidates.size());
  double best = kUnknown, pick = kUnknown;
  for (const table::Row& row : candidates) {
    const double energy = row.scenario_energy_j();
    if (!(best <= energy)) best = energy;
    if (row.config.layout == candidates[picked].config.layout && !(pick <= energy)) pick = energy;
  }
  return pick / best - 1;
}

double pairwise(std::span<const double> measured, std::span<const double> predicted) {
  double right = 0, pairs = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (measured[i] == measured[j]) continue;
      ++pairs;
      const double agreement = (measured[i] - measured[j]) * (predicted[i] - predicted[j]);
      if (agreement > 0) right += 1;
      if (agreement == 0 || !known(agreement)) right += 0.5;
    }
  }
  return pairs > 0 ? right / pairs : kUnknown;
}

std::array<double, kMetrics> measure(const Outcomes& outcomes) {
  Figures figures;
  measure_picks(outcomes.picks, figures);
  measure_rows(outcomes.rows, figures);
  return figures.values();
}

double mean(std::span<const double> values) {
  double sum = 0, count = 0;
  for (const double value : values) {
    if (!known(value)) continue;
    sum += value;
    ++count;
  }
  return count > 0 ? sum / count : kUnknown;
}

double quantile(std::vector<double> values, double p) {
  std::erase_if(values, [](double value) { return !known(value); });
  if (values.empty()) return kUnknown;
  std::ranges::sort(values);
  const double at = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above], at - static_cast<double>(below));
}

}  // namespace energylens::eval
