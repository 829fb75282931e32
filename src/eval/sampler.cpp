// SPDX-License-Identifier: Apache-2.0
// sampler.cpp: a campaign that is replayed on measured rows. The design gets configurations alone; only the
// callback has the results, and it is called for picked rows of the pool and no others. Held by
// sampling_test.cpp.
#include "eval/sampler.hpp"

#include <cassert>

namespace energylens::eval {
namespace {

design::Problem problem_of(const table::Group& group, const std::vector<bool>& may_train,
                           const std::vector<table::Scenario>& scenarios) {
  design::Problem problem;
  problem.identity = group.identity;
  std::vector<std::size_t> place(group.rows.size());
  for (std::size_t row = 0; row < group.rows.size(); ++row) {
    if (!may_train[row]) continue;
    place[row] = problem.places.size();
    problem.candidates.push_back(problem.places.size());
    problem.places.push_back(group.rows[row].config);
  }
  for (const table::Scenario& scenario : scenarios) {
    design::WorkloadQuestion& question = problem.workload.emplace_back();
    for (const std::size_t row : scenario.rows) question.places.push_back(place[row]);
  }
  return problem;
}

/// Without scenarios, each row is one question.
void serve_all(design::Problem& problem) {
  for (const std::size_t candidate : problem.candidates) problem.workload.push_back({{candidate}, 1});
}

}  // namespace

Sampler::Sampler(std::span<const table::Group> groups, const design::DesignOptions& options)
    : groups_(groups), options_(options) {}

Sampler::Sample& Sampler::sample(const Pool& pool) const {
  const std::scoped_lock lock(mutex_);
  std::unique_ptr<Sample>& found = samples_[pool];
  if (!found) found = std::make_unique<Sample>();
  return *found;
}

const std::vector<std::size_t>& Sampler::rows(const Pool& pool, const std::vector<bool>& may_train,
                                              const std::vector<table::Scenario>& scenarios) const {
  Sample& one = sample(pool);
  std::call_once(one.once, [&] {
    const CancelToken* cancel = options_.fit.run.cancel;
    if (!cancel || !cancel->cancelled()) one.rows = designed(pool, may_train, scenarios);
  });
  return one.rows;
}

std::vector<std::size_t> Sampler::designed(const Pool& pool, const std::vector<bool>& may_train,
                                           const std::vector<table::Scenario>& scenarios) const {
  const table::Group& group = groups_[pool.first];
  design::Problem problem = problem_of(group, may_train, scenarios);
  if (problem.workload.empty()) serve_all(problem);
  std::vector<std::size_t> row_of;
  for (std::size_t row = 0; row < may_train.size(); ++row) {
    if (may_train[row]) row_of.push_back(row);
  }
  design::DesignOptions options = options_;
  options.seed = pool.second;
  std::vector<std::size_t> rows = design::campaign(
      std::move(problem), options, [&](std::size_t place) { return group.rows[row_of[place]]; });
  for (std::size_t& row : rows) row = row_of[row];
  return rows;
}

}  // namespace energylens::eval
