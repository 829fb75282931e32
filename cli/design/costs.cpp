// SPDX-License-Identifier: Apache-2.0
#include "cli/design/costs.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "energylens/core/error.hpp"
#include "energylens/simulate/simulate.hpp"

namespace energylens::cli {
namespace {

using Job = std::tuple<double, double, double>;  // batch, isl, osl

Job job_of(const table::Load& load) {
  return {load.batch, load.isl, load.osl};
}

bool simulable(const table::Configuration& config) {
  return config.load.kind == table::RowKind::job && config.layout.ep == 1 && known(config.load.isl) &&
         known(config.load.osl);
}

/// All jobs at the places of a layout.
simulate::Options campaign_of(const design::Problem& problem, const table::Layout& layout) {
  std::set<double> batches, isls, osls;
  for (const table::Configuration& config : problem.places) {
    if (config.layout != layout || !simulable(config)) continue;
    batches.insert(config.load.batch);
    isls.insert(config.load.isl);
    osls.insert(config.load.osl);
  }
  simulate::Options options;
  options.model = problem.identity["model"];
  options.gpu = problem.identity["gpu"];
  if (!problem.identity["quant"].empty()) options.quant = problem.identity["quant"];
  options.kv_dtype = problem.identity["kv_dtype"];
  options.layouts = {layout};
  options.total_gpus = layout.gpus();
  options.batches.assign(batches.begin(), batches.end());
  options.isls.assign(isls.begin(), isls.end());
  options.osls.assign(osls.begin(), osls.end());
  return options;
}

/// Empty if the simulator cannot simulate the layout.
std::map<Job, double> simulated_times(const design::Problem& problem, const table::Layout& layout,
                                      const hardware::Catalogue& catalogue) {
  std::map<Job, double> times;
  try {
    for (const table::Group& group :
         table::groups(simulate::simulate(campaign_of(problem, layout), catalogue))) {
      for (const table::Row& row : group.rows) times[job_of(row.config.load)] = row.results.total_time_s;
    }
  } catch (const Error&) {
    // An unknown quantisation, or a layout that cannot hold the model: the times stay unknown.
  }
  return times;
}

std::vector<double> simulated(const design::Problem& problem, const hardware::Catalogue& catalogue) {
  std::vector<double> seconds(problem.places.size(), kUnknown);
  if (!catalogue.find_model(problem.identity["model"]) || !catalogue.find_gpu(problem.identity["gpu"])) {
    return seconds;
  }
  std::map<table::Layout, std::map<Job, double>> by_layout;
  for (std::size_t p = 0; p < seconds.size(); ++p) {
    const table::Configuration& config = problem.places[p];
    if (!simulable(config)) continue;
    const auto [times, is_new] = by_layout.try_emplace(config.layout);
    if (is_new) times->second = simulated_times(problem, config.layout, catalogue);
    const auto found = times->second.find(job_of(config.load));
    if (found != times->second.end()) seconds[p] = found->second;
  }
  return seconds;
}

}  // namespace

MeasuringTimes measuring_times(const design::Problem& problem, const predictor::FitOptions& fit,
                               const hardware::Catalogue& catalogue) {
  MeasuringTimes times{design::measuring_times_s(problem, problem.measured, fit), "measured rows"};
  if (std::ranges::any_of(times.seconds, known)) return times;
  times = {simulated(problem, catalogue), "simulator"};
  if (std::ranges::none_of(times.seconds, known)) times.source.clear();
  return times;
}

}  // namespace energylens::cli
