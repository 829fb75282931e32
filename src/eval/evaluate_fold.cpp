// SPDX-License-Identifier: Apache-2.0
// evaluate_fold.cpp: one fit, then its questions. A fit gets a copy of the groups in which the results of
// held-out and withheld rows are blank, so that not even a careless predictor can be trained on them. Held by
// leak_test.cpp.
#include "eval/evaluate_fold.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "energylens/core/error.hpp"
#include "eval/latency.hpp"
#include "predictor/chances.hpp"

namespace energylens::eval {
namespace {

/// The groups of a fold without the results that are hidden from a fit. TrainingData points into it.
class BlindedGroups {
 public:
  BlindedGroups(std::span<const table::Group> groups, const Fold& fold) {
    copies_.reserve(fold.parts.size());
    for (const Part& part : fold.parts) {
      const table::Group* group = &groups[part.group];
      if (!part.test.empty() || !part.withheld.empty()) {
        group = &copies_.emplace_back(*group);
        for (const std::size_t row : part.test) blank(copies_.back().rows[row]);
        for (const std::size_t row : part.withheld) blank(copies_.back().rows[row]);
      }
      data_.push_back({group, part.train, part.scenarios});
    }
  }
  BlindedGroups(const BlindedGroups&) = delete;
  BlindedGroups& operator=(const BlindedGroups&) = delete;

  const predictor::TrainingData& data() const { return data_; }

 private:
  static void blank(table::Row& row) {
    row.results = {};
    row.log_sd = kUnknown;
  }

  std::vector<table::Group> copies_;
  predictor::TrainingData data_;
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

/// A held-out row without a prediction.
RowOutcome unpredicted(const table::Group& group, std::size_t row) {
  RowOutcome outcome;
  outcome.row = row;
  outcome.layout = group.rows[row].config.layout;
  outcome.measured = group.rows[row].scenario_energy_j();
  return outcome;
}

bool has_time(const table::Row& row) {
  return known(row.scenario_time_s());
}

class Examiner {
 public:
  Examiner(const registry::Kind& kind, const predictor::Predictor& predictor, std::size_t index,
           const table::Group& group)
      : kind_(kind), predictor_(predictor), index_(index), group_(group) {}

  RowOutcome ask_energy(std::size_t row) const {
    const table::Row& measured = group_.rows[row];
    const predictor::Prediction prediction = predictor_.predict(index_, measured.config);
    RowOutcome outcome = unpredicted(group_, row);
    outcome.predicted = prediction.scenario_energy(measured.config.load.kind);
    outcome.tpot_s = prediction.tpot_s;
    outcome.prefill_ape =
        relative_error(prediction.prefill_energy_j.value, measured.results.prefill_energy_j);
    outcome.decode_ape = relative_error(prediction.decode_energy_j.value, measured.results.decode_energy_j);
    outcome.tpot_ape = relative_error(prediction.tpot_s.value, measured_tpot_s(measured));
    return outcome;
  }

  /// None if the predictor predicts energies, but no energy of these candidates, or goes by times and none is known. Candidates get the chances
  /// that the predictor states, if it states any.
  std::optional<PickOutcome> ask_pick(const HeldOutQuestion& question,
                                      std::vector<CandidateOutcome>& candidates) const {
    std::vector<table::Row> measured, shown;
    std::vector<double> energies, predicted;
    for (const std::size_t row : question.rows) {
      measured.push_back(group_.rows[row]);
      shown.push_back(candidate(group_.rows[row], kind_.sees_measured_time));
      if (!kind_.predicts_energy) continue;
      energies.push_back(group_.rows[row].scenario_energy_j());
      predicted.push_back(estimate(row).value);
    }
    if (kind_.predicts_energy && std::ranges::none_of(predicted, known)) return std::nullopt;
    if (kind_.sees_measured_time && std::ranges::none_of(shown, has_time)) return std::nullopt;
    const std::size_t picked = predictor_.choose(index_, shown);
    PickOutcome pick;
    pick.question = question.number;
    pick.pairwise = pairwise(energies, predicted);
    pick.regret = regret(measured, picked);
    const std::vector<double> chances = stated_chances(question);
    if (!chances.empty()) pick.chance = chances[picked];
    for (std::size_t i = 0; i < chances.size(); ++i) {
      candidates.push_back({chances[i], energies[i] <= *std::ranges::min_element(energies)});
    }
    return pick;
  }

  /// A rule is offered the largest batch that keeps the limit; one that sees measured times is offered all.
  PickOutcome ask_under_limit(const HeldOutQuestion& question) const {
    const auto batch = [&](std::size_t row) { return axis_value(group_.rows[row], Axis::batch); };
    const auto energy = [&](std::size_t row) {
      return per_token_j(group_.rows[row].config, group_.rows[row].scenario_energy_j());
    };
    const double largest = batch(*std::ranges::max_element(question.rows, {}, batch));
    std::vector<std::size_t> offered;
    std::vector<table::Row> shown;
    for (const std::size_t row : question.rows) {
      if (!kind_.sees_measured_time && batch(row) < largest) continue;
      offered.push_back(row);
      shown.push_back(candidate(group_.rows[row], kind_.sees_measured_time));
    }
    const double best = energy(*std::ranges::min_element(question.rows, {}, energy));
    PickOutcome pick;
    pick.question = question.number;
    pick.regret = energy(offered[predictor_.choose(index_, shown)]) / best - 1;
    pick.breach = 0;
    return pick;
  }

 private:
  /// The chance of each candidate to need the least energy; empty without a stated uncertainty.
  std::vector<double> stated_chances(const HeldOutQuestion& question) const {
    constexpr std::size_t kDraws =
        500;  // the chances are accurate to 0.02, and reliability is measured in bins of 0.1
    std::vector<table::Configuration> configs;
    for (const std::size_t row : question.rows) configs.push_back(group_.rows[row].config);
    return predictor::chances_best(predictor_.draw(index_, configs, kDraws, question.number), configs.size());
  }

  predictor::Estimate estimate(std::size_t row) const {
    const table::Configuration& config = group_.rows[row].config;
    return predictor_.predict(index_, config).scenario_energy(config.load.kind);
  }

  const registry::Kind& kind_;
  const predictor::Predictor& predictor_;
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
    for (const std::size_t row : part.test) {
      outcome.outcomes.rows.push_back(unpredicted(groups[part.group], row));
    }
  }
  return parts;
}

std::vector<PartOutcome> answers(std::span<const table::Group> groups, const Fold& fold,
                                 const registry::Kind& kind, const predictor::Predictor& predictor) {
  std::vector<PartOutcome> parts;
  for (std::size_t index = 0; index < fold.parts.size(); ++index) {
    const Part& part = fold.parts[index];
    const Examiner examiner(kind, predictor, index, groups[part.group]);
    PartOutcome& outcome = parts.emplace_back();
    outcome.group = part.group;
    for (const HeldOutQuestion& question : part.questions) {
      const std::optional<PickOutcome> pick = question.under_limit
                                                  ? examiner.ask_under_limit(question)
                                                  : examiner.ask_pick(question, outcome.outcomes.candidates);
      if (pick) outcome.outcomes.picks.push_back(*pick);
    }
    if (!kind.predicts_energy) continue;
    for (const std::size_t row : part.test) outcome.outcomes.rows.push_back(examiner.ask_energy(row));
  }
  return parts;
}

}  // namespace

FoldOutcome evaluate_fold(std::span<const table::Group> groups, const Fold& fold, const registry::Kind& kind,
                          const predictor::FitOptions& options) {
  FoldOutcome outcome;
  try {
    const BlindedGroups blinded(groups, fold);
    const std::unique_ptr<predictor::Predictor> predictor = kind.fit(blinded.data(), options);
    outcome.effective_parameters = predictor->effective_parameters();
    outcome.parts = answers(groups, fold, kind, *predictor);
  } catch (const Error& error) {
    outcome.failure = error.message();
    outcome.parts = unanswered(groups, fold, kind.predicts_energy);
  }
  return outcome;
}

}  // namespace energylens::eval
