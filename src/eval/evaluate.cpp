// SPDX-License-Identifier: Apache-2.0
// evaluate.cpp: every (report, predictor, fold) is one task. Tasks write into their own slots, which are
// collected in order, so that the figures are the same with any number of threads. Held by evaluate_test.cpp.
#include "energylens/eval/evaluate.hpp"

#include <algorithm>
#include <iterator>

#include "energylens/core/error.hpp"
#include "eval/compare.hpp"
#include "eval/settings.hpp"

namespace energylens::eval {
namespace {

/// One report that is being made: its plans, for predictors of energy and for rules.
struct Study {
  Setting setting;
  std::unique_ptr<Plan> energy_plan, rule_plan;
  std::vector<std::vector<FoldOutcome>> folds;  // [kind][fold]

  const Plan& plan(const registry::Kind& kind) const {
    return kind.predicts_energy ? *energy_plan : *rule_plan;
  }
};

std::vector<Study> studies_of(std::span<const table::Group> groups, std::span<const registry::Kind> kinds,
                              const EvaluationOptions& options) {
  std::vector<Study> studies;
  for (Setting& setting : settings(options)) {
    Study& study = studies.emplace_back();
    study.setting = std::move(setting);
    study.energy_plan = make_plan(groups, study.setting);
    study.energy_plan->require_questions();
    study.setting.energies = false;
    study.rule_plan = make_plan(groups, study.setting);
    for (const registry::Kind& kind : kinds) study.folds.emplace_back(study.plan(kind).size());
  }
  return studies;
}

bool predicts_latency(const EvaluationOptions& options) {
  const auto* const limited = std::get_if<LimitedOptions>(&options.protocol);
  return limited && limited->latency == Latency::predicted;
}

/// One fit to make.
struct Task {
  Study* study;
  const registry::Kind* kind;
  std::size_t fold;
  FoldOutcome* outcome;
};

void run(std::span<const table::Group> groups, const Task& task) {
  const EvaluationOptions& options = task.study->setting.options;
  const Fold fold = task.study->plan(*task.kind).fold(task.fold);
  if (options.run.cancel && options.run.cancel->cancelled()) return;  // a design may be incomplete
  predictor::FitOptions fit = options.fit;
  fit.seed = fold.seed;
  fit.target = predicts_latency(options) ? predictor::Target::both : predictor::Target::energy;
  fit.run = {.threads = 1, .progress = {}, .cancel = nullptr};
  const bool tests = std::ranges::any_of(fold.parts, [](const Part& part) { return !part.test.empty(); });
  if (tests) *task.outcome = evaluate_fold(groups, fold, *task.kind, fit);
}

/// Returns whether all tasks were done.
bool run_all(std::span<const table::Group> groups, std::span<const registry::Kind> kinds,
             const RunOptions& how, std::vector<Study>& studies) {
  std::vector<Task> tasks;
  for (Study& study : studies) {
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      for (std::size_t f = 0; f < study.folds[k].size(); ++f) {
        tasks.push_back({&study, &kinds[k], f, &study.folds[k][f]});
      }
    }
  }
  return parallel_for(tasks.size(), how, [&](std::size_t i) { run(groups, tasks[i]); }) == tasks.size();
}

/// By group, the least number of training rows over the folds that test it.
std::vector<std::size_t> rows_trained(const Plan& plan, std::size_t groups) {
  std::vector<std::optional<std::size_t>> least(groups);
  for (std::size_t f = 0; f < plan.size(); ++f) {
    for (const Part& part : plan.fold(f).parts) {
      if (part.test.empty()) continue;
      std::optional<std::size_t>& used = least[part.group];
      used = used ? std::min(*used, part.train.size()) : part.train.size();
    }
  }
  std::vector<std::size_t> trained;
  for (const std::optional<std::size_t>& used : least) trained.push_back(used.value_or(0));
  return trained;
}

Report frame(std::span<const table::Group> groups, const Study& study) {
  Report report = empty_report(groups, study.setting);
  const Plan& plan = *study.energy_plan;
  const std::vector<std::size_t> trained = rows_trained(plan, groups.size());
  for (const std::size_t g : plan.tested()) {
    const std::vector<table::Scenario>& scenarios = plan.scenarios(g);
    GroupReport& group = report.groups.emplace_back();
    group.identity = groups[g].identity;
    group.n_scenarios = scenarios.size();
    group.n_rows = groups[g].rows.size();
    group.train_used = trained[g];
    group.limits = benchmark_limits(groups[g], scenarios, study.setting.options.fit);
    const LatencyCost cost = latency_cost(groups[g], scenarios);
    group.latency_energy_differ = cost.differ;
    group.latency_extra_energy = cost.extra_energy;
    plan.describe(g, group);
  }
  return report;
}

void add_notes(std::span<const registry::Kind> kinds, Protocol protocol, Report& report) {
  for (const registry::Kind& kind : kinds) {
    const std::string name(kind.name);
    if (kind.sees_measured_time) {
      report.notes.push_back(name + " sees the measured times of the candidates");
    } else if (!kind.predicts_energy && protocol == Protocol::limited) {
      report.notes.push_back(
          name + " is not trained here; it picks a layout for the largest batch that meets the limit");
    } else if (kind.sees_all_training_scenarios) {
      report.notes.push_back(name + " is trained on all training scenarios, not only on the sampled rows");
    }
  }
}

/// Whether a predictor without latencies was asked to keep a predicted one.
bool lacks_latency(const Setting& setting, const Record& record) {
  if (!predicts_latency(setting.options)) return false;
  const auto stated = [](const RowOutcome& row) { return known(row.tpot_s.value); };
  return std::ranges::none_of(record, [&](const GroupRecord& group) {
    return std::ranges::any_of(
        group.samples, [&](const Outcomes& sample) { return std::ranges::any_of(sample.rows, stated); });
  });
}

void add_scores(const Study& study, const Record& record, const std::string& name, Report& report) {
  std::vector<Scores> by_group;
  const std::vector<std::size_t>& tested = study.energy_plan->tested();
  for (std::size_t i = 0; i < tested.size(); ++i) {
    by_group.push_back(group_scores(record[tested[i]]));
    report.groups[i].predictors.emplace_back(name, by_group.back());
  }
  report.overall.emplace_back(name, overall_scores(record, study.setting.options.fit.pool, by_group));
  if (lacks_latency(study.setting, record)) {
    report.notes.push_back(
        name + " does not predict the time per output token, so it makes no choice under a predicted limit");
  }
}

/// The figures of the groups that agree in a column, for each value there is, in the order of first
/// appearance.
std::vector<ColumnScores> column_scores(std::span<const table::Group> groups,
                                        std::span<const registry::Kind> kinds, const Study& study,
                                        const std::vector<Record>& records, const std::string& column) {
  std::vector<ColumnScores> all;
  std::vector<std::vector<std::size_t>> members;
  for (const std::size_t g : study.energy_plan->tested()) {
    const std::string& value = groups[g].identity[column];
    const auto same = std::ranges::find(all, value, &ColumnScores::value);
    const auto place = static_cast<std::size_t>(same - all.begin());
    if (same == all.end()) {
      all.push_back({column, value, 0, 0, 0, {}});
      members.emplace_back();
    }
    members[place].push_back(g);
    ++all[place].n_groups;
    all[place].n_scenarios += study.energy_plan->scenarios(g).size();
    all[place].n_rows += groups[g].rows.size();
  }
  for (std::size_t place = 0; place < all.size(); ++place) {
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      Record own;
      for (const std::size_t g : members[place]) own.push_back(records[k][g]);
      all[place].predictors.emplace_back(kinds[k].name, overall_scores(own, false, {}));
    }
  }
  return all;
}

Report report_of(std::span<const table::Group> groups, std::span<const registry::Kind> kinds,
                 const Study& study) {
  Report report = frame(groups, study);
  std::vector<Record> records;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    records.push_back(gather(study.plan(kinds[k]), groups.size(), study.folds[k]));
    add_scores(study, records.back(), std::string(kinds[k].name), report);
  }
  for (const std::string& column : study.setting.options.by) {
    std::ranges::move(column_scores(groups, kinds, study, records, column), std::back_inserter(report.by));
  }
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(kinds, name, &registry::Kind::name) - kinds.begin());
  };
  for (const auto& [first, second] : study.setting.options.compare) {
    Comparison comparison = compare(*study.energy_plan, records[place(first)], records[place(second)]);
    comparison.first = first;
    comparison.second = second;
    report.comparisons.push_back(std::move(comparison));
  }
  return report;
}

/// Throws Error where the options do not fit the groups or the predictors.
void check(std::span<const table::Group> groups, std::span<const registry::Kind> kinds,
           const EvaluationOptions& options) {
  const std::size_t sources = sources_of(options.protocol);
  const bool transfers = options.kind() == Protocol::transfer;
  if (transfers && (sources == 0 || sources > groups.size()))
    throw Error::usage("transfer requires at least one source group");
  for (const auto& [first, second] : options.compare) {
    for (const std::string& name : {first, second}) {
      const bool there = std::ranges::find(kinds, name, &registry::Kind::name) != kinds.end();
      if (!there) throw Error::usage("\"" + name + "\" is compared but is not one of the predictors");
    }
  }
  const std::span<const std::string_view> keys = table::key_columns();
  for (const std::string& column : options.by) {
    if (column == table::info(table::Column::arch).name || std::ranges::find(keys, column) != keys.end())
      continue;
    throw Error::usage("\"" + column +
                       "\" is not a group column, so results cannot be reported per value of it");
  }
  const auto tested = [&](const table::Group& group) { return layout_count(group) >= options.min_layouts; };
  if (std::ranges::none_of(groups.subspan(sources), tested)) {
    if (options.min_layouts == 1) throw Error::bad_input({}, "no group to evaluate");
    throw Error::bad_input({}, "no group has " + std::to_string(options.min_layouts) + " layouts or more");
  }
}

}  // namespace

Report evaluate(std::span<const table::Group> groups, std::span<const registry::Kind> kinds,
                const EvaluationOptions& options) {
  options.validate();
  check(groups, kinds, options);
  std::vector<Study> studies = studies_of(groups, kinds, options);
  const bool cancelled = !run_all(groups, kinds, options.run, studies);
  std::vector<Report> reports;
  for (const Study& study : studies) {
    reports.push_back(report_of(groups, kinds, study));
    reports.back().cancelled = cancelled;
  }
  Report report = joined(std::move(reports), options);
  add_notes(kinds, options.kind(), report);
  return report;
}

}  // namespace energylens::eval
