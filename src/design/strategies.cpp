// SPDX-License-Identifier: Apache-2.0
// strategies.cpp: the table of strategies, and the steps of a design. To add a strategy, write its picker and
// a row here; propose_test.cpp then runs for it.
#include <algorithm>
#include <array>
#include <string>

#include "core/named_table.hpp"
#include "design/pickers.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::design {
namespace {

constexpr std::array kStrategies = {
    StrategyInfo{Strategy::random, "random", "random configurations", false},
    StrategyInfo{Strategy::spread, "spread", "loads spread over the workload, each in all layouts", false},
    StrategyInfo{Strategy::d_optimal, "d-optimal", "most information about the parameters of the law", true},
    StrategyInfo{Strategy::i_optimal, "i-optimal", "most information about the energies of the workload",
                 true},
    StrategyInfo{Strategy::sequential, "sequential", "most likely to change which layout is chosen", true},
};

using Picker = void (*)(Picking&);
/// By Strategy.
constexpr std::array<Picker, kStrategies.size()> kPickers = {pick_random, pick_spread, pick_d_optimal,
                                                             pick_i_optimal, pick_sequential};

bool model_possible(const Problem& problem) {
  const auto has_energy = [](const table::Row& row) { return row.scenario_energy_j() > 0; };
  return std::ranges::count_if(problem.measured, has_energy) >= static_cast<std::ptrdiff_t>(kLeastRows);
}

Problem without(Problem problem, std::span<const std::size_t> places) {
  std::erase_if(problem.candidates,
                [&](std::size_t candidate) { return std::ranges::find(places, candidate) != places.end(); });
  return problem;
}

}  // namespace

std::span<const StrategyInfo> strategy_infos() {
  return kStrategies;
}

const StrategyInfo& info(Strategy strategy) {
  return kStrategies[static_cast<std::size_t>(strategy)];
}

Strategy parse_strategy(std::string_view name) {
  return find_named(kStrategies, name, "strategy").strategy;
}

Design propose(const Problem& problem, const DesignOptions& options) {
  Picking picking{problem, options, {}, std::vector<bool>(problem.places.size())};
  for (const std::size_t candidate : problem.candidates) picking.open[candidate] = true;
  picking.design.spread_instead = info(options.strategy).fits && !options.law && !model_possible(problem);
  const Strategy strategy = picking.design.spread_instead ? Strategy::spread : options.strategy;
  kPickers[static_cast<std::size_t>(strategy)](picking);
  return std::move(picking.design);
}

std::vector<std::size_t> campaign(Problem problem, const DesignOptions& options, const Measure& measure) {
  std::vector<std::size_t> all;
  while (all.size() < options.rows) {
    DesignOptions step = options;
    const std::size_t at_once = model_possible(problem) ? options.rows_per_fit : options.first_rows;
    const std::size_t left = options.rows - all.size();
    step.rows = info(options.strategy).fits ? std::min(at_once, left) : left;
    const std::vector<std::size_t> picks = propose(problem, step).picks;
    if (picks.empty()) break;
    for (const std::size_t place : picks) problem.measured.push_back(measure(place));
    problem = without(std::move(problem), picks);
    all.insert(all.end(), picks.begin(), picks.end());
  }
  return all;
}

void pick_random(Picking& picking) {
  const std::vector<std::size_t>& candidates = picking.problem.candidates;
  for (const std::size_t i : shuffled_order(picking.options.seed, candidates.size())) {
    if (picking.done()) return;
    picking.pick(candidates[i]);
  }
}

table::Group measured_group(const Problem& problem) {
  return {problem.identity, problem.measured};
}

predictor::FitOptions fit_options(const DesignOptions& options) {
  predictor::FitOptions fit = options.fit;
  fit.target = predictor::Target::energy;
  fit.seed = options.seed;
  return fit;
}

}  // namespace energylens::design
