// SPDX-License-Identifier: Apache-2.0
// judge.cpp: one fit, then its questions. What a fit gets is a copy of the groups in which held-out results
// are blank, so that not even a careless predictor can learn from them. Held by leak_test.cpp.
#include "eval/judge.hpp"

#include <cmath>

#include "energylens/core/error.hpp"

namespace energylens::eval {
namespace {

/// The groups of a fold as a fit may see them. TrainingData points into it.
class Seen {
 public:
  Seen(std::span<const table::Group> groups, const Fold& fold) {
    copies_.reserve(fold.parts.size());
    for (const Part& part : fold.parts) {
      const table::Group* group = &groups[part.group];
      if (!part.test.empty()) {
        group = &copies_.emplace_back(*group);
        for (const std::size_t row : part.test) blank(copies_.back().rows[row]);
      }
      data_.push_back({group, part.train, part.scenarios});
    }
  }
  Seen(const Seen&) = delete;
  Seen& operator=(const Seen&) = delete;

  const model::TrainingData& data() const { return data_; }

 private:
  static void blank(table::Row& row) {
    row.results = {};
    row.log_sd = kUnknown;
  }

  std::vector<table::Group> copies_;
  model::TrainingData data_;
};

/// A candidate without results, or with its times alone.
table::Row candidate(const table::Row& row, bool with_time) {
  table::Row shown;
  shown.config = row.config;
  if (!with_time) return shown;
  shown.results.prefill_time_s = row.results.prefill_time_s;
  shown.results.decode_time_s = row.results.decode_time_s;
  shown.results.total_time_s = row.results.total_time_s;
  shown.results.ttft_s = row.results.ttft_s;
  shown.results.tpot_s = row.results.tpot_s;
  return shown;
}

/// Unknown if either is, or if nothing was measured.
double relative_error(double predicted, double measured) {
  return measured > 0 ? std::abs(predicted - measured) / measured : kUnknown;
}

class Examiner {
 public:
  Examiner(const predictors::Kind& kind, const model::Predictor& predictor, std::size_t index,
           const table::Group& group)
      : kind_(kind), predictor_(predictor), index_(index), group_(group) {}

  RowOutcome ask_energy(std::size_t row) const {
    const table::Row& measured = group_.rows[row];
    const table::RowKind kind = measured.config.load.kind;
    const model::Prediction said = predictor_.predict(index_, measured.config);
    return {said.scenario_energy(kind), measured.scenario_energy_j(),
            relative_error(said.prefill_energy_j.value, measured.results.prefill_energy_j),
            relative_error(said.decode_energy_j.value, measured.results.decode_energy_j)};
  }

  PickOutcome ask_pick(const table::Scenario& question) const {
    std::vector<table::Row> measured, shown;
    std::vector<double> energies, predicted;
    for (const std::size_t row : question.rows) {
      measured.push_back(group_.rows[row]);
      shown.push_back(candidate(group_.rows[row], kind_.sees_measured_time));
      if (!kind_.predicts_energy) continue;
      energies.push_back(group_.rows[row].scenario_energy_j());
      predicted.push_back(estimate(row).value);
    }
    return {regret(measured, predictor_.choose(index_, shown)), pairwise(energies, predicted)};
  }

 private:
  model::Estimate estimate(std::size_t row) const {
    const table::Configuration& config = group_.rows[row].config;
    return predictor_.predict(index_, config).scenario_energy(config.load.kind);
  }

  const predictors::Kind& kind_;
  const model::Predictor& predictor_;
  std::size_t index_;  ///< of the group, as the predictor counts
  const table::Group& group_;
};

std::vector<PartOutcome> unanswered(std::span<const table::Group> groups, const Fold& fold,
                                    bool predicts_energy) {
  std::vector<PartOutcome> parts;
  for (const Part& part : fold.parts) {
    PartOutcome& outcome = parts.emplace_back();
    outcome.group = part.group;
    if (!predicts_energy) continue;
    outcome.rows = part.test;
    for (const std::size_t row : part.test) {
      outcome.outcomes.rows.emplace_back().measured = groups[part.group].rows[row].scenario_energy_j();
    }
  }
  return parts;
}

std::vector<PartOutcome> answers(std::span<const table::Group> groups, const Fold& fold,
                                 const predictors::Kind& kind, const model::Predictor& predictor) {
  std::vector<PartOutcome> parts;
  for (std::size_t index = 0; index < fold.parts.size(); ++index) {
    const Part& part = fold.parts[index];
    const Examiner examiner(kind, predictor, index, groups[part.group]);
    PartOutcome& outcome = parts.emplace_back();
    outcome.group = part.group;
    for (const table::Scenario& question : part.questions) {
      outcome.outcomes.picks.push_back(examiner.ask_pick(question));
    }
    if (!kind.predicts_energy) continue;
    outcome.rows = part.test;
    for (const std::size_t row : part.test) outcome.outcomes.rows.push_back(examiner.ask_energy(row));
  }
  return parts;
}

}  // namespace

FoldOutcome judge(std::span<const table::Group> groups, const Fold& fold, const predictors::Kind& kind,
                  const model::FitOptions& options) {
  FoldOutcome outcome;
  try {
    const Seen seen(groups, fold);
    const std::unique_ptr<model::Predictor> predictor = kind.fit(seen.data(), options);
    outcome.effective_parameters = predictor->effective_parameters();
    outcome.parts = answers(groups, fold, kind, *predictor);
  } catch (const Error& error) {
    outcome.failure = error.message();
    outcome.parts = unanswered(groups, fold, kind.predicts_energy);
  }
  return outcome;
}

}  // namespace energylens::eval
