// SPDX-License-Identifier: Apache-2.0
// evaluate.cpp: every (predictor, fold) is one task; tasks write into their own slot and are gathered in
// order, so that the figures are the same at any number of threads. Held by evaluate_test.cpp.
#include "energylens/eval/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "eval/judge.hpp"

namespace energylens::eval {
namespace {

/// Rules pick whole scenarios: leaving one row out would show them the rest of the question.
Unit unit_for(const predictors::Kind& kind, Unit unit) {
  return kind.predicts_energy ? unit : Unit::scenario;
}

Plan plan_for(std::span<const table::Group> groups, Options options, Unit unit) {
  options.unit = unit;
  return {groups, options};
}

/// Outcomes of one predictor by sample and group, and what its fits said of themselves.
struct Record {
  std::vector<std::vector<Outcomes>> outcomes;   // [group][sample]
  std::vector<std::vector<double>> predictions;  // [group][row], loo only
  std::vector<double> parameters;                // [group], sum over fits
  std::vector<std::size_t> fits, failures;       // [group]
  std::vector<std::string> failure;              // [group], the first message
};

Record gather(std::span<const table::Group> groups, std::size_t samples, std::span<const FoldOutcome> folds,
              const std::vector<std::size_t>& sample_of_fold) {
  const std::size_t n = groups.size();
  Record record{std::vector(n, std::vector<Outcomes>(samples)),
                {},
                std::vector<double>(n),
                std::vector<std::size_t>(n),
                std::vector<std::size_t>(n),
                std::vector<std::string>(n)};
  for (const table::Group& group : groups) record.predictions.emplace_back(group.rows.size(), kUnknown);
  for (std::size_t f = 0; f < folds.size(); ++f) {
    for (const PartOutcome& part : folds[f].parts) {
      Outcomes& sample = record.outcomes[part.group][sample_of_fold[f]];
      sample.picks.insert(sample.picks.end(), part.outcomes.picks.begin(), part.outcomes.picks.end());
      sample.rows.insert(sample.rows.end(), part.outcomes.rows.begin(), part.outcomes.rows.end());
      for (std::size_t i = 0; i < part.rows.size(); ++i) {
        record.predictions[part.group][part.rows[i]] = part.outcomes.rows[i].predicted.value;
      }
      ++record.fits[part.group];
      record.parameters[part.group] += folds[f].failure.empty() ? folds[f].effective_parameters : 0;
      if (folds[f].failure.empty()) continue;
      ++record.failures[part.group];
      if (record.failure[part.group].empty()) record.failure[part.group] = folds[f].failure;
    }
  }
  return record;
}

/// Picks among predictions that come from different folds: the least known one, ties by order.
std::vector<PickOutcome> picks_from_rows(const table::Group& group,
                                         std::span<const table::Scenario> scenarios,
                                         const std::vector<double>& predictions) {
  std::vector<PickOutcome> picks;
  for (const table::Scenario& scenario : scenarios) {
    std::vector<table::Row> candidates;
    std::vector<double> measured, predicted;
    for (const std::size_t row : scenario.rows) {
      candidates.push_back(group.rows[row]);
      measured.push_back(group.rows[row].scenario_energy_j());
      predicted.push_back(predictions[row]);
    }
    if (std::ranges::none_of(predicted, known)) continue;
    const auto least = std::ranges::min_element(predicted, {}, [](double value) {
      return known(value) ? value : std::numeric_limits<double>::infinity();
    });
    picks.push_back({regret(candidates, static_cast<std::size_t>(least - predicted.begin())),
                     pairwise(measured, predicted)});
  }
  return picks;
}

Score mean_and_sd(const std::vector<double>& values) {
  double sum = 0, squares = 0, count = 0;
  for (const double value : values) {
    if (!known(value)) continue;
    sum += value;
    ++count;
  }
  if (count == 0) return {};
  const double mean = sum / count;
  for (const double value : values) squares += known(value) ? (value - mean) * (value - mean) : 0;
  return {mean, count > 1 ? std::sqrt(squares / (count - 1)) : kUnknown};
}

Scores summarise(const std::vector<Outcomes>& samples) {
  std::array<std::vector<double>, kMetrics> by_metric;
  std::vector<double> regrets;
  for (const Outcomes& sample : samples) {
    const std::array<double, kMetrics> figures = measure(sample);
    for (std::size_t m = 0; m < kMetrics; ++m) by_metric[m].push_back(figures[m]);
    for (const PickOutcome& pick : sample.picks) regrets.push_back(pick.regret);
  }
  Scores scores;
  for (std::size_t m = 0; m < kMetrics; ++m) scores.values[m] = mean_and_sd(by_metric[m]);
  scores[Metric::regret_p95] = {quantile(std::move(regrets), 0.95), kUnknown};
  return scores;
}

std::string failure_note(std::size_t failures, std::size_t fits, const std::string& message) {
  if (failures == 0) return "";
  return std::to_string(failures) + " of " + std::to_string(fits) + " fits failed: " + message;
}

Scores group_scores(const Record& record, std::size_t group) {
  Scores scores = summarise(record.outcomes[group]);
  const std::size_t fits = record.fits[group], failures = record.failures[group];
  if (fits > failures)
    scores.effective_parameters = record.parameters[group] / static_cast<double>(fits - failures);
  scores.note = failure_note(failures, fits, record.failure[group]);
  return scores;
}

/// All picks and all rows of all groups, sample by sample.
Scores overall_scores(const Record& record, std::size_t samples, bool pool,
                      const std::vector<Scores>& by_group) {
  std::vector<Outcomes> together(samples);
  for (const std::vector<Outcomes>& group : record.outcomes) {
    for (std::size_t s = 0; s < samples; ++s) {
      together[s].picks.insert(together[s].picks.end(), group[s].picks.begin(), group[s].picks.end());
      together[s].rows.insert(together[s].rows.end(), group[s].rows.begin(), group[s].rows.end());
    }
  }
  Scores scores = summarise(together);
  double parameters = 0, counted = 0;
  for (const Scores& group : by_group) {
    if (!known(group.effective_parameters)) continue;
    parameters += group.effective_parameters;
    ++counted;
  }
  if (counted > 0) scores.effective_parameters = pool ? parameters / counted : parameters;
  std::size_t failures = 0, fits = 0;
  std::string message;
  for (std::size_t group = 0; group < by_group.size(); ++group) {
    failures += record.failures[group];
    fits += record.fits[group];
    if (message.empty()) message = record.failure[group];
  }
  scores.note = failure_note(failures, fits, message);
  return scores;
}

/// The least number of training rows of a group over the folds that ask about it.
std::vector<std::size_t> rows_trained(const Plan& plan, std::size_t groups) {
  std::vector<std::size_t> least(groups);
  for (std::size_t f = 0; f < plan.size(); ++f) {
    for (const Part& part : plan.fold(f).parts) {
      if (part.test.empty()) continue;
      std::size_t& used = least[part.group];
      used = used == 0 ? part.train.size() : std::min(used, part.train.size());
    }
  }
  return least;
}

Report frame(std::span<const table::Group> groups, const Options& options, const Plan& plan) {
  const bool loo = options.protocol == Protocol::loo;
  Report report;
  report.protocol = loo ? "loo" : "selection";
  if (loo) report.unit = options.unit == Unit::row ? "row" : "scenario";
  report.train = loo ? 0 : options.train;
  report.seeds = loo ? 0 : options.seeds;
  report.same_gpus = options.same_gpus;
  report.pool = options.fit.pool;
  const std::vector<std::size_t> trained = rows_trained(plan, groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::vector<table::Scenario>& scenarios = plan.scenarios(g);
    GroupReport& group = report.groups.emplace_back();
    group.identity = groups[g].identity;
    group.n_scenarios = scenarios.size();
    group.n_rows = groups[g].rows.size();
    group.train_used = trained[g];
    group.limits = benchmark_limits(groups[g], scenarios);
    const LatencyCost cost = latency_cost(groups[g], scenarios);
    group.latency_energy_differ = cost.differ;
    group.latency_extra_energy = cost.extra_energy;
  }
  return report;
}

void add_notes(std::span<const predictors::Kind> kinds, Report& report) {
  for (const predictors::Kind& kind : kinds) {
    const std::string name(kind.name);
    if (kind.sees_all_training_scenarios) {
      report.notes.push_back(name + " learns from all training scenarios, not only from the rows drawn");
    }
    if (kind.sees_measured_time)
      report.notes.push_back(name + " sees the measured times of what it picks from");
  }
}

/// All folds of one predictor.
struct Job {
  predictors::Kind kind;
  Plan plan;
  std::vector<FoldOutcome> folds;
};

/// Returns whether all of it was done.
bool run(std::span<const table::Group> groups, const Options& options, std::vector<Job>& jobs) {
  std::vector<std::pair<Job*, std::size_t>> tasks;
  for (Job& job : jobs) {
    for (std::size_t f = 0; f < job.folds.size(); ++f) tasks.emplace_back(&job, f);
  }
  const std::size_t done = parallel_for(tasks.size(), options.run, [&](std::size_t i) {
    auto& [job, f] = tasks[i];
    const Fold fold = job->plan.fold(f);
    model::FitOptions fit = options.fit;
    fit.seed = fold.seed;
    fit.target = model::Target::energy;
    fit.run = {.threads = 1, .progress = {}, .cancel = nullptr};
    const bool asks = std::ranges::any_of(fold.parts, [](const Part& part) { return !part.test.empty(); });
    if (asks) job->folds[f] = judge(groups, fold, job->kind, fit);
  });
  return done == tasks.size();
}

Record record_of(std::span<const table::Group> groups, const Options& options, const Job& job) {
  std::vector<std::size_t> sample_of_fold;
  for (std::size_t f = 0; f < job.plan.size(); ++f) sample_of_fold.push_back(job.plan.fold(f).sample);
  Record record = gather(groups, job.plan.samples(), job.folds, sample_of_fold);
  if (options.protocol == Protocol::loo && unit_for(job.kind, options.unit) == Unit::row) {
    for (std::size_t g = 0; g < groups.size(); ++g) {
      record.outcomes[g][0].picks = picks_from_rows(groups[g], job.plan.scenarios(g), record.predictions[g]);
    }
  }
  return record;
}

}  // namespace

void Options::validate() const {
  std::string wrong;
  const auto require = [&](bool right, const char* sentence) {
    if (!right) wrong += (wrong.empty() ? "" : "; ") + std::string(sentence);
  };
  require(train > 0, "train must be at least 1");
  require(seeds > 0, "seeds must be at least 1");
  require(run.threads >= 0, "threads must not be negative");
  if (!wrong.empty()) throw Error::usage(wrong);
}

Report evaluate(std::span<const table::Group> groups, std::span<const predictors::Kind> kinds,
                const Options& options) {
  options.validate();
  Report report = frame(groups, options, plan_for(groups, options, options.unit));
  std::vector<Job> jobs;
  for (const predictors::Kind& kind : kinds) {
    Job& job = jobs.emplace_back(Job{kind, plan_for(groups, options, unit_for(kind, options.unit)), {}});
    job.folds.resize(job.plan.size());
  }
  report.cancelled = !run(groups, options, jobs);
  for (const Job& job : jobs) {
    const Record record = record_of(groups, options, job);
    const std::string name(job.kind.name);
    std::vector<Scores> by_group;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      by_group.push_back(group_scores(record, g));
      report.groups[g].predictors.emplace_back(name, by_group.back());
    }
    report.overall.emplace_back(name, overall_scores(record, job.plan.samples(), options.fit.pool, by_group));
  }
  add_notes(kinds, report);
  return report;
}

}  // namespace energylens::eval
