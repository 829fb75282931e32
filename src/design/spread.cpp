// SPDX-License-Identifier: Apache-2.0
// spread.cpp: which loads represent the workload best? The distance of a question is that to its nearest
// measurement, in logarithms of the load. Greedily, the next load is the one that reduces the sum of these
// distances most. This is the p-median problem, whose greedy solution is at least 1 - 1/e as good as the best
// one (Nemhauser, Wolsey and Fisher 1978). Every load is measured in all layouts, so that layouts are
// compared with nothing else different. If there are many, the least measured ones come first, so that the
// batch varies too. O(picks * loads * questions). Held by spread_test.cpp.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "design/loads.hpp"
#include "design/pickers.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::design {
namespace {

/// The most layouts of a load that are picked before the next load.
constexpr std::size_t kTogether = 4;

/// All candidates under one load.
struct Site {
  table::Load load;
  std::vector<std::size_t> places;
  std::size_t layouts = 0;  ///< number of layouts, measured ones included
};

std::vector<Site> sites_of(const Picking& picking) {
  const Problem& problem = picking.problem;
  std::map<LoadKey, Site> by_load;
  for (const std::size_t place : problem.candidates) {
    if (!picking.open[place]) continue;
    const table::Load& load = problem.places[place].load;
    Site& site = by_load[key_of(load)];
    site.load = load;
    site.places.push_back(place);
    ++site.layouts;
  }
  for (const table::Row& row : problem.measured) {
    const auto found = by_load.find(key_of(row.config.load));
    if (found != by_load.end()) ++found->second.layouts;
  }
  std::vector<Site> sites;
  for (auto& [key, site] : by_load) sites.push_back(std::move(site));
  return sites;
}

/// The distance of every question to the nearest measurement.
class Coverage {
 public:
  explicit Coverage(const Problem& problem)
      : problem_(problem), nearest_(problem.workload.size(), std::numeric_limits<double>::infinity()) {
    for (const table::Row& row : problem.measured) add(row.config.load);
  }

  void add(const table::Load& load) {
    for (std::size_t q = 0; q < nearest_.size(); ++q) nearest_[q] = std::min(nearest_[q], distance(q, load));
  }

  /// The weighted sum of distances if `load` is measured too.
  double with(const table::Load& load) const {
    double sum = 0;
    for (std::size_t q = 0; q < nearest_.size(); ++q) {
      sum += problem_.workload[q].weight * std::min(nearest_[q], distance(q, load));
    }
    return sum;
  }

 private:
  double distance(std::size_t question, const table::Load& load) const {
    return log_distance(problem_.places[problem_.workload[question].places.front()].load, load);
  }

  const Problem& problem_;
  std::vector<double> nearest_;  ///< by question
};

std::size_t best_site(const std::vector<Site>& sites, const Coverage& coverage) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < sites.size(); ++s) {
    const double sum = coverage.with(sites[s].load);
    if (sum >= least * (1 - 1e-12)) continue;
    best = s;
    least = sum;
  }
  return best;
}

/// How many times each layout was measured or picked.
using LayoutCounts = std::map<table::Layout, std::size_t>;

LayoutCounts counts_of(const Problem& problem) {
  LayoutCounts counts;
  for (const table::Row& row : problem.measured) ++counts[row.config.layout];
  return counts;
}

/// Picks the loads of `sites` one after another, and then their remaining layouts in the same way.
void pick_among(std::vector<Site> sites, Coverage& coverage, LayoutCounts& counts, Picking& picking) {
  const auto layout = [&](std::size_t place) { return picking.problem.places[place].layout; };
  std::vector<Site> later;
  while (!picking.done() && !sites.empty()) {
    const auto best = sites.begin() + static_cast<std::ptrdiff_t>(best_site(sites, coverage));
    Site site = std::move(*best);
    sites.erase(best);
    coverage.add(site.load);
    std::ranges::stable_sort(site.places, {}, [&](std::size_t place) { return counts[layout(place)]; });
    const std::size_t now = std::min({kTogether, site.places.size(), picking.left()});
    for (std::size_t i = 0; i < now; ++i) {
      picking.pick(site.places[i]);
      ++counts[layout(site.places[i])];
    }
    site.places.erase(site.places.begin(), site.places.begin() + static_cast<std::ptrdiff_t>(now));
    if (!site.places.empty()) later.push_back(std::move(site));
    if (sites.empty()) std::swap(sites, later);
  }
}

/// Every pick compares every load with every question.
void refuse_long_spread(std::size_t loads, const Picking& picking) {
  constexpr double kMostComparisons = 3e9;
  const double picks = static_cast<double>(picking.left()),
               questions = static_cast<double>(picking.problem.workload.size());
  if (picks * questions * static_cast<double>(loads) <= kMostComparisons) return;
  throw Error::usage(
      "the grid has " + std::to_string(loads) + " loads and the workload " +
      std::to_string(picking.problem.workload.size()) +
      ", too many to spread measurements over; give fewer values with --batch, --isl, --osl or --workload, or use --strategy random");
}

}  // namespace

void pick_spread(Picking& picking) {
  const std::vector<Site> sites = sites_of(picking);
  refuse_long_spread(sites.size(), picking);
  Coverage coverage(picking.problem);
  std::vector<Site> with_rivals, alone;  // loads in a single layout come last: they compare no layouts
  for (const std::size_t s : shuffled_order(picking.options.seed, sites.size())) {
    if (sites[s].layouts > 1) {
      with_rivals.push_back(sites[s]);
    } else {
      alone.push_back(sites[s]);
    }
  }
  LayoutCounts counts = counts_of(picking.problem);
  pick_among(std::move(with_rivals), coverage, counts, picking);
  pick_among(std::move(alone), coverage, counts, picking);
}

}  // namespace energylens::design
