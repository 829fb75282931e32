// SPDX-License-Identifier: Apache-2.0
// grid.cpp: from lists of values to places, candidates and questions. Held by grid_test.cpp.
#include "design/grid.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "design/loads.hpp"
#include "energylens/core/error.hpp"
#include "energylens/parametric/fit.hpp"
#include "predictor/waves.hpp"

namespace energylens::design {
namespace {

/// Every combination, each load once.
std::vector<table::Load> combinations(const Loads& loads, table::RowKind kind) {
  std::vector<table::Load> out;
  std::set<LoadKey> listed;
  for (const double batch : loads.batches) {
    for (const double isl : loads.isls) {
      for (const double osl : loads.osls) {
        table::Load load;
        load.kind = kind;
        load.batch = batch;
        if (kind == table::RowKind::steady) load.max_batch = batch;
        load.isl = isl;
        load.osl = osl;
        if (listed.insert(key_of(load)).second) out.push_back(load);
      }
    }
  }
  return out;
}

/// Before any of them is made: the lists of a grid may be the values of very many rows.
void refuse_large_grid(const Loads& loads, std::size_t layouts) {
  const std::size_t lists[] = {loads.batches.size(), loads.isls.size(), loads.osls.size(), layouts};
  double size = 1;
  for (const std::size_t list : lists) size *= static_cast<double>(list);
  if (size <= static_cast<double>(kMostInGrid)) return;
  throw Error::usage(plural(lists[0], "batch size") + ", " + plural(lists[1], "input length") + ", " +
                     plural(lists[2], "output length") + " and " +
                     rounded_text(static_cast<double>(layouts), 9) + (layouts == 1 ? " layout" : " layouts") +
                     " make " + rounded_text(size) + " configurations; a grid has at most " +
                     rounded_text(static_cast<double>(kMostInGrid)) +
                     ": give fewer values with --batch, --isl, --osl or --layouts");
}

using Place = std::pair<LoadKey, table::Layout>;

/// Gives every configuration of the grid one place.
class Places {
 public:
  Places(const Grid& grid, std::span<const table::Row> measured, const predictor::Facts& facts)
      : grid_(grid), facts_(facts) {
    for (const table::Row& row : measured) {
      double& capacity = stated_.try_emplace(row.config.layout, kUnknown).first->second;
      if (!known(capacity)) capacity = row.config.kv_capacity_tokens;
    }
  }

  /// The places of all layouts under a load; those that cannot hold one request are left out.
  std::vector<std::size_t> under(const table::Load& load) {
    std::vector<std::size_t> out;
    for (const table::Layout& layout : grid_.layouts) {
      const Place place{key_of(load), layout};
      const table::Configuration config{layout, load, stated(layout)};
      if (!possible(config)) {
        impossible_.insert(place);
        continue;
      }
      const auto [found, is_new] = index_.try_emplace(place, configurations_.size());
      if (is_new) configurations_.push_back(config);
      out.push_back(found->second);
    }
    return out;
  }

  std::vector<table::Configuration>& configurations() { return configurations_; }
  std::size_t impossible() const { return impossible_.size(); }

 private:
  double stated(const table::Layout& layout) const {
    const auto found = stated_.find(layout);
    return found == stated_.end() ? kUnknown : found->second;
  }

  /// A layout that was measured under some load fits, even if an estimate of its capacity denies it.
  bool possible(const table::Configuration& config) const {
    if (stated_.contains(config.layout) && !known(config.kv_capacity_tokens)) return true;
    const predictor::Capacity capacity =
        predictor::resolve_kv_capacity(config, {facts_, grid_.kv_capacity_tokens});
    return predictor::requests_at_once(predictor::with_capacity(config, capacity)) > 0;
  }

  const Grid& grid_;
  const predictor::Facts& facts_;
  std::map<table::Layout, double> stated_;  ///< capacities that rows state, by measured layout
  std::map<Place, std::size_t> index_;
  std::set<Place> impossible_;
  std::vector<table::Configuration> configurations_;
};

}  // namespace

Problem problem_of(const Grid& grid, const table::GroupIdentity& identity, std::vector<table::Row> measured,
                   const predictor::Facts& facts, std::size_t* impossible) {
  refuse_large_grid(grid.measurable, grid.layouts.size());
  refuse_large_grid(grid.served, grid.layouts.size());
  std::set<Place> known_already;
  for (const table::Row& row : measured) known_already.insert({key_of(row.config.load), row.config.layout});
  Places places(grid, measured, facts);
  Problem problem;
  problem.identity = identity;
  for (const table::Load& load : combinations(grid.measurable, grid.kind)) {
    for (const std::size_t place : places.under(load)) {
      const table::Layout& layout = places.configurations()[place].layout;
      if (grid.repeat || !known_already.contains({key_of(load), layout})) problem.candidates.push_back(place);
    }
  }
  for (const table::Load& load : combinations(grid.served, grid.kind)) {
    std::vector<std::size_t> under = places.under(load);
    if (!under.empty()) problem.workload.push_back({std::move(under), 1});
  }
  problem.places = std::move(places.configurations());
  problem.measured = std::move(measured);
  if (impossible) *impossible = places.impossible();
  return problem;
}

std::vector<double> measuring_times_s(const Problem& problem, std::span<const table::Row> rows,
                                      const predictor::FitOptions& fit) {
  std::vector<double> times(problem.places.size(), kUnknown);
  table::Group group{problem.identity, {}};
  for (const table::Row& row : rows) {
    if (row.results.total_time_s > 0) group.rows.push_back(row);
  }
  if (group.rows.size() < kLeastRows) return times;
  predictor::FitOptions options = fit;
  options.target = predictor::Target::time;
  const parametric::LawModel law = parametric::fit_law(predictor::all_rows({&group, 1}), options);
  for (std::size_t p = 0; p < times.size(); ++p) {
    const table::Configuration& config = problem.places[p];
    if (config.load.kind == table::RowKind::job) times[p] = law.predict(0, config).total_time_s.value;
  }
  return times;
}

}  // namespace energylens::design
