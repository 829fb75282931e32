// SPDX-License-Identifier: Apache-2.0
// The steps of a fit: rows are prepared (KV capacities, system specification) and read as observations, priors are set,
// the estimate is found, its uncertainty computed, and everything described.
// Alone, a group costs about a millisecond; pooled, all groups are one problem (pool.cpp).
// Held by fit_test.cpp (recovery, coverage) and the figures of docs/evidence/results.md.
#include "energylens/parametric/fit.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"
#include "energylens/table/group.hpp"
#include "parametric/fit/bootstrap.hpp"
#include "parametric/fit/capacity_fit.hpp"
#include "parametric/fit/fit_steps.hpp"
#include "parametric/fit/pool.hpp"
#include "parametric/fit/report.hpp"
#include "parametric/law/plausible.hpp"
#include "parametric/transfer/transfer.hpp"

namespace energylens::parametric {

SearchOptions search_options(const predictor::FitOptions& options) {
  SearchOptions search;
  search.starts = std::max(1, options.starts);
  search.seed = options.seed;
  search.cancel = options.run.cancel;
  search.threads = options.run.threads;
  return search;
}

std::optional<LawFit> fit_target(const predictor::PreparedRows& prepared, Metric metric,
                                 const predictor::FitOptions& options) {
  const Reference reference = reference_of(prepared.rows);
  const Reading reading = reading_of(prepared, metric);
  const std::vector<Observation> seen = observations(prepared.rows, reading, reference);
  if (seen.empty()) return std::nullopt;
  const Priors priors = priors_for(seen, reading);
  const PointEstimate point = estimate(seen, priors, search_options(options));
  Uncertainty uncertainty = uncertainty_of(seen, priors, point);
  if (options.bootstrap > 0) replace_by_bootstrap(seen, priors, point, options, uncertainty);
  return describe(prepared, metric, seen, reference, point, uncertainty);
}

GroupLaw context_of(const predictor::PreparedRows& prepared) {
  GroupLaw law;
  static_cast<predictor::GroupContext&>(law) = prepared.context;
  return law;
}

double total_effective(const std::vector<GroupLaw>& laws) {
  double sum = 0;
  for (const GroupLaw& law : laws) {
    const std::optional<LawFit>& fit = law.energy ? law.energy : law.time;
    if (fit) sum += fit->effective_parameters + static_cast<double>(law.fitted_capacity.size());
  }
  return sum;
}

GroupLaw fit_alone(predictor::PreparedRows& prepared, const predictor::FitOptions& options,
                   CapacityMode mode) {
  FittedCapacity capacity;
  if (mode == CapacityMode::fitted) capacity = fit_capacity(prepared, options);
  GroupLaw law = context_of(prepared);
  for (std::string& warning : poverty_warnings(prepared, law.domain))
    law.warnings.push_back(std::move(warning));
  law.fitted_capacity = capacity.by_layout;
  law.capacity_factor = capacity.factor;
  if (predictor::wants(options.target, Metric::energy))
    law.energy = fit_target(prepared, Metric::energy, options);
  if (predictor::wants(options.target, Metric::time)) law.time = fit_target(prepared, Metric::time, options);
  return law;
}

namespace {

/// Fits the source groups, then the others with a prior from them.
std::vector<GroupLaw> fit_sources_first(std::vector<predictor::PreparedRows>& prepared,
                                        const predictor::FitOptions& options) {
  std::vector<GroupLaw> laws;
  for (predictor::PreparedRows& group : prepared) {
    if (laws.size() < options.sources) {
      laws.push_back(fit_alone(group, options, CapacityMode::known));
    } else {
      laws.push_back(fit_with_sources(group, std::span(laws).first(options.sources), options));
    }
  }
  return laws;
}

/// The groups of one form that have the target, as one pooled problem; results go to `laws`. Returns the effective
/// parameters, 0 if there is no such group.
double pool_form(const predictor::TrainingData& data, const std::vector<predictor::PreparedRows>& prepared,
                 Form form, Metric metric, const predictor::FitOptions& options,
                 std::vector<GroupLaw>& laws) {
  std::vector<table::Row> every_row;
  for (const predictor::PreparedRows& p : prepared) {
    if (form_of(p.context) == form) every_row.insert(every_row.end(), p.rows.begin(), p.rows.end());
  }
  const Reference reference = reference_of(every_row);
  std::vector<PoolGroup> groups;
  std::vector<std::size_t> which;
  std::vector<const table::Group*> sources;
  std::vector<predictor::Facts> facts;
  for (std::size_t g = 0; g < prepared.size(); ++g) {
    if (form_of(prepared[g].context) != form) continue;
    const Reading reading = reading_of(prepared[g], metric);
    std::vector<Observation> seen = observations(prepared[g].rows, reading, reference);
    if (seen.empty()) continue;
    Priors priors = priors_for(seen, reading);
    groups.push_back({std::move(seen), std::move(priors)});
    which.push_back(g);
    sources.push_back(data[g].group);
    facts.push_back(prepared[g].context.facts);
  }
  if (groups.empty()) return 0;
  const PoolEstimate estimate = estimate_pooled(groups, pool_features(sources, facts), options.run.cancel);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t g = which[i];
    (metric == Metric::energy ? laws[g].energy : laws[g].time) =
        describe(prepared[g], metric, groups[i].observations, reference, estimate.groups[i],
                 estimate.uncertainties[i]);
  }
  return estimate.effective_parameters;
}

/// Servers and jobs have other numbers, so each is pooled with its like. Unknown if no group has the target.
double fit_pooled(const predictor::TrainingData& data, const std::vector<predictor::PreparedRows>& prepared,
                  Metric metric, const predictor::FitOptions& options, std::vector<GroupLaw>& laws) {
  const double sum = pool_form(data, prepared, Form::job, metric, options, laws) +
                     pool_form(data, prepared, Form::server, metric, options, laws);
  return sum > 0 ? sum : kUnknown;
}

}  // namespace

void require_a_target(const std::vector<GroupLaw>& laws) {
  const bool any =
      std::any_of(laws.begin(), laws.end(), [](const GroupLaw& law) { return law.energy || law.time; });
  if (!any) {
    throw Error::bad_input({}, "no row can be fitted: a row requires batch, osl and an energy or a time");
  }
}

FitRecord record_of(const predictor::FitOptions& options, std::vector<predictor::PreparedRows> prepared) {
  std::vector<table::Group> groups;
  for (predictor::PreparedRows& one : prepared)
    groups.push_back({std::move(one.context.identity), std::move(one.rows)});
  return {kUnknown, options.kv_capacity_tokens, table::data_hash(groups), options.seed, options.pool};
}

LawModel fit_law(const predictor::TrainingData& data, const predictor::FitOptions& options,
                 CapacityMode capacity) {
  std::vector<predictor::PreparedRows> prepared;
  for (const predictor::TrainingGroup& training : data)
    prepared.push_back(predictor::prepared_rows(training, options));
  LawContent content;
  if (options.sources > 0 && capacity == CapacityMode::known) {
    content.laws = fit_sources_first(prepared, options);
    content.effective_parameters = total_effective(content.laws);
  } else if (!options.pool || capacity == CapacityMode::fitted) {
    for (predictor::PreparedRows& group : prepared)
      content.laws.push_back(fit_alone(group, options, capacity));
    content.effective_parameters = total_effective(content.laws);
  } else {
    for (const predictor::PreparedRows& group : prepared) content.laws.push_back(context_of(group));
    if (predictor::wants(options.target, Metric::time))
      content.effective_parameters = fit_pooled(data, prepared, Metric::time, options, content.laws);
    if (predictor::wants(options.target, Metric::energy))
      content.effective_parameters = fit_pooled(data, prepared, Metric::energy, options, content.laws);
  }
  for (std::size_t g = 0; g < prepared.size(); ++g) {
    for (std::string& sentence : implausible_rows(prepared[g], content.laws[g]))
      content.laws[g].warnings.push_back(std::move(sentence));
  }
  require_a_target(content.laws);
  const double effective_parameters = content.effective_parameters;
  static_cast<FitRecord&>(content) =
      record_of(options, std::move(prepared));  // with capacities that were fitted
  content.effective_parameters = effective_parameters;
  return LawModel(std::move(content));
}

}  // namespace energylens::parametric
