// SPDX-License-Identifier: Apache-2.0
// anew.cpp: discovery as a predictor: the formula itself is looked for in the training rows, so that nothing
// of it comes from rows that it is judged by. Held by tests/discovery/anew_test.cpp and the contract suite
// of tests/predictors.
#include <algorithm>
#include <limits>
#include <tuple>

#include "energylens/core/error.hpp"
#include "energylens/discovery/from_front.hpp"
#include "energylens/search/search.hpp"

namespace energylens::discovery {
namespace {

constexpr std::size_t kFewestRowsToSearch = 10;  // fewer cannot tell one form from another
constexpr double kMaxComplexity = 30;
constexpr const char* kForm = "prefill(batch, isl, tp, pp) + osl*decode(batch, tp, pp, L)";

/// The training rows alone, in one order however they were drawn.
std::vector<table::Group> seen_groups(const predictor::TrainingData& data) {
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
  const discovery::MeasurementOptions reading{energy, kForm, options.kv_capacity_tokens, options.catalogue};
  std::size_t rows = 0;
  for (const table::Group& group : groups) rows += group.rows.size();
  if (rows < kFewestRowsToSearch) return std::nullopt;
  try {
    const discovery::Measurements data = discovery::measurements(groups, reading);
    if (data.problem.rows() < kFewestRowsToSearch) return std::nullopt;
    search::Options search = discovery::measurement_options(data, energy);
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
    return std::nullopt;  // rows of one load, one target throughout: nothing to look for
  }
}

}  // namespace

parametric::StructureModel fit_anew(const predictor::TrainingData& data,
                                    const predictor::FitOptions& options) {
  const std::vector<table::Group> groups = seen_groups(data);
  predictor::Structures structures = parametric::found_structures();
  for (const bool energy : {true, false}) {
    if (!predictor::wants(options.target, energy ? predictor::Metric::energy : predictor::Metric::time))
      continue;
    if (std::optional<predictor::Structure> found = search_one(groups, energy, options))
      (energy ? structures.energy : structures.time) = std::move(found);
  }
  predictor::FitOptions with = options;
  with.structures = &structures;
  return parametric::fit_structures(data, with);
}

}  // namespace energylens::discovery
