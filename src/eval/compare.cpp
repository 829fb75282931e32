// SPDX-License-Identifier: Apache-2.0
// compare.cpp: paired differences and their bootstrap. The items of a sample are paired by question.
// Resampling needs only the sums of the differences per (cluster, sample): a drawn cluster contributes its
// items of every sample, since samples share scenarios and are not independent. Held by compare_test.cpp.
#include "eval/compare.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "energylens/core/rng.hpp"
#include "numerics/resample.hpp"

namespace energylens::eval {
namespace {

constexpr std::size_t kReplicates = 2000;
constexpr double kTail = 0.025;
constexpr std::array kCompared = {Metric::top1, Metric::regret_mean, Metric::mape};

/// The value of one predictor for each item of one group and sample; unknown values are left out.
using Items = std::map<std::size_t, double>;

Items items(const Outcomes& outcomes, Metric metric) {
  Items all;
  if (metric == Metric::mape) {
    for (const RowOutcome& row : outcomes.rows) {
      all[row.row] = std::abs(row.predicted.value - row.measured) / row.measured;
    }
  } else {
    for (const PickOutcome& pick : outcomes.picks) {
      const double right = pick.regret <= 0 ? 1 : 0;
      all[pick.question] = metric == Metric::top1 ? right : pick.regret;
    }
  }
  std::erase_if(all, [](const auto& item) { return !known(item.second); });
  return all;
}

/// Sum of the differences of the items of one cluster in one sample, and their number.
struct Cell {
  std::size_t sample;
  double sum = 0, count = 0;
};
using Clusters = std::vector<std::vector<Cell>>;

Clusters clusters_of(const Plan& plan, const Record& first, const Record& second, Metric metric) {
  std::map<std::pair<std::size_t, std::size_t>, std::map<std::size_t, Cell>> by_cluster;
  for (std::size_t g = 0; g < first.size(); ++g) {
    for (std::size_t s = 0; s < first[g].samples.size(); ++s) {
      const Items others = items(second[g].samples[s], metric);
      for (const auto& [item, value] : items(first[g].samples[s], metric)) {
        const auto other = others.find(item);
        if (other == others.end()) continue;
        Cell& cell = by_cluster[{g, plan.cluster(g, item)}].try_emplace(s, Cell{s}).first->second;
        cell.sum += value - other->second;
        ++cell.count;
      }
    }
  }
  Clusters clusters;
  for (const auto& [key, cells] : by_cluster) {
    std::vector<Cell>& cluster = clusters.emplace_back();
    for (const auto& [sample, cell] : cells) cluster.push_back(cell);
  }
  return clusters;
}

/// Mean difference of each sample over the clusters given, which may repeat; unknown for a sample without
/// one.
std::vector<double> by_sample(const Clusters& clusters, std::span<const std::size_t> taken,
                              std::size_t samples) {
  std::vector<double> sums(samples), counts(samples);
  for (const std::size_t cluster : taken) {
    for (const Cell& cell : clusters[cluster]) {
      sums[cell.sample] += cell.sum;
      counts[cell.sample] += cell.count;
    }
  }
  for (std::size_t s = 0; s < samples; ++s) sums[s] = counts[s] > 0 ? sums[s] / counts[s] : kUnknown;
  return sums;
}

/// Share of the samples in which the first is better.
double share_won(const std::vector<double>& differences, bool larger_is_better) {
  double won = 0, count = 0;
  for (const double difference : differences) {
    if (!known(difference)) continue;
    if (difference == 0) {
      won += 0.5;
    } else if ((difference > 0) == larger_is_better) {
      won += 1;
    }
    ++count;
  }
  return count > 0 ? won / count : kUnknown;
}

Difference difference_of(const Clusters& clusters, std::size_t samples, bool larger_is_better) {
  std::vector<std::size_t> all(clusters.size());
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
  const std::vector<double> measured = by_sample(clusters, all, samples);
  Difference difference;
  difference.won = share_won(measured, larger_is_better);
  difference.mean = mean(measured);
  if (clusters.size() < 2) return difference;
  Rng rng(0);
  std::vector<double> means;
  for (std::size_t i = 0; i < kReplicates; ++i) {
    means.push_back(mean(by_sample(clusters, numerics::bootstrap_indices(clusters.size(), rng), samples)));
  }
  difference.lo = quantile(means, kTail);
  difference.hi = quantile(means, 1 - kTail);
  return difference;
}

}  // namespace

Comparison compare(const Plan& plan, const Record& first, const Record& second) {
  Comparison comparison;
  for (const Metric metric : kCompared) {
    const Clusters clusters = clusters_of(plan, first, second, metric);
    comparison.n_clusters = std::max(comparison.n_clusters, clusters.size());
    const bool larger_is_better = metric_infos()[static_cast<std::size_t>(metric)].larger_is_better;
    comparison.differences.emplace_back(metric, difference_of(clusters, plan.samples(), larger_is_better));
  }
  return comparison;
}

}  // namespace energylens::eval
