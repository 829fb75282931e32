// SPDX-License-Identifier: Apache-2.0
// search_and_fit.cpp: discovery as a predictor. The search sees the training rows alone, so that no part of
// the formula comes from rows that it is tested on. Held by tests/discovery/search_and_fit_test.cpp and the
// contract suite of tests/registry.
#include "discovery/search_and_fit.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "discovery/measurements.hpp"
#include "discovery/structure_of.hpp"
#include "energylens/core/error.hpp"
#include "energylens/search/search.hpp"
#include "parametric/structure_fit.hpp"

namespace energylens::discovery {
namespace {

constexpr std::size_t kFewestRowsToSearch = 10;  // fewer rows cannot distinguish one form from another
constexpr double kMaxComplexity = 30;
constexpr const char* kForm = "prefill(batch, isl, tp, pp) + osl*decode(batch, tp, pp, L)";

/// The training rows alone, in an order that does not depend on how they were drawn.
std::vector<table::Group> training_groups(const predictor::TrainingData& data) {
  std::vector<table::Group> out;
  for (const predictor::TrainingGroup& training : data) {
    table::Group& group = out.emplace_back();
    group.identity = training.group->identity;
    for (const std::size_t row : training.rows) group.rows.push_back(training.group->rows[row]);
    std::ranges::sort(group.rows, {}, [](const table::Row& row) {
      const table::Load& load = row.config.load;
      return std::tuple(row.config.layout, load.batch, load.isl_or(-1), load.osl, row.results.total_energy_j);
    });
  }
  return out;
}

std::optional<predictor::Structure> search_one(const std::vector<table::Group>& groups, bool energy,
                                               const predictor::FitOptions& options) {
  MeasurementOptions reading{energy, kForm, options.kv_capacity_tokens, options.catalogue};
  reading.gpu_memory_utilization = options.gpu_memory_utilization;
  std::size_t rows = 0;
  for (const table::Group& group : groups) rows += group.rows.size();
  if (rows < kFewestRowsToSearch) return std::nullopt;
  try {
    const Measurements data = measurements(groups, reading);
    if (data.problem.rows() < kFewestRowsToSearch) return std::nullopt;
    search::Options search = measurement_options(data);
    search.max_complexity = kMaxComplexity;
    search.evaluations = static_cast<std::uint64_t>(options.search_evaluations);
    search.time_limit_s = std::numeric_limits<double>::infinity();
    search.seed = options.seed;
    search.threads = options.run.threads;
    search.cancel = options.run.cancel;
    search::Front front = search::search(data.problem, search);
    search::pick(front, search::Pick::cross_validation);
    return structure_of(front.chosen(), kForm, true);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    return std::nullopt;  // all rows have one load or one target: there is no formula to search for
  }
}

}  // namespace

parametric::StructureModel search_and_fit(const predictor::TrainingData& data,
                                          const predictor::FitOptions& options) {
  const std::vector<table::Group> groups = training_groups(data);
  predictor::Structures structures = parametric::found_structures();
  for (const predictor::Metric metric : {predictor::Metric::energy, predictor::Metric::time}) {
    if (!predictor::wants(options.target, metric)) continue;
    const bool energy = metric == predictor::Metric::energy;
    std::optional<predictor::Structure> found = search_one(groups, energy, options);
    if (found && energy) structures.energy = std::move(found);
    if (found && !energy) structures.time = std::move(found);
  }
  predictor::FitOptions with = options;
  with.structures = &structures;
  return parametric::fit_structures(data, with);
}

}  // namespace energylens::discovery
