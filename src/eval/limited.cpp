// SPDX-License-Identifier: Apache-2.0
// limited.cpp: which layout and batch, under a limit of the time per output token? Five folds over the rows,
// so that every candidate is predicted by a fit that has not seen it; the pick is made among the predictions
// of all five. A rule, which predicts nothing, is not trained. Held by limited_test.cpp.
#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "eval/latency.hpp"
#include "eval/plan.hpp"
#include "predictor/chances.hpp"

namespace energylens::eval {
namespace {

constexpr std::size_t kFolds = 5;

/// Rows that can be compared: the steady rows of a group, or its jobs of the same lengths.
struct Field {
  std::vector<std::size_t> rows;
};

/// One limit and the rows of its field.
struct LimitedQuestion {
  std::size_t number = 0;
  double limit_s = kUnknown;
  std::vector<std::size_t> rows;  ///< all that compete when latency is predicted
  std::vector<std::size_t> keep;  ///< those whose measured latency keeps the limit
};

/// The rows of a group whose energy and latency were measured, by field.
std::vector<Field> fields(const table::Group& group) {
  std::map<std::vector<double>, Field> by_lengths;
  const auto number = [](double value) { return known(value) ? value : -1; };
  for (std::size_t row = 0; row < group.rows.size(); ++row) {
    const table::Row& measured = group.rows[row];
    if (!(measured_tpot_s(measured) > 0 && measured.scenario_energy_j() > 0)) continue;
    const table::Load& load = measured.config.load;
    std::vector<double> key;
    if (load.kind == table::RowKind::job) {
      for (const double length :
           {load.isl, load.osl, load.image_tokens, load.cached_tokens, load.accepted_per_step}) {
        key.push_back(number(length));
      }
    }
    by_lengths[key].rows.push_back(row);
  }
  std::vector<Field> all;
  for (auto& [key, field] : by_lengths) all.push_back(std::move(field));
  return all;
}

std::vector<LimitedQuestion> questions_of(const table::Group& group, std::span<const double> limits_s) {
  std::vector<LimitedQuestion> questions;
  for (const Field& field : fields(group)) {
    for (const double limit_s : limits_s) {
      LimitedQuestion question{questions.size(), limit_s, field.rows, {}};
      for (const std::size_t row : field.rows) {
        if (measured_tpot_s(group.rows[row]) <= limit_s) question.keep.push_back(row);
      }
      if (question.keep.size() >= 2) questions.push_back(std::move(question));
    }
  }
  return questions;
}

class Limited final : public Plan {
 public:
  Limited(std::span<const table::Group> groups, const Setting& setting) : Plan(groups, setting) {
    for (const table::Group& one : groups) {
      questions_.push_back(questions_of(one, limits().tpot_limits_s));
    }
  }

  void require_questions() const override {
    if (std::ranges::all_of(questions_, &std::vector<LimitedQuestion>::empty)) throw no_question();
  }

  std::size_t size() const override {
    const bool rule = !setting().energies;
    if (rule && limits().latency == Latency::predicted) return 0;
    if (rule) return samples() * tested().size();
    return samples() * kFolds * groups_at_once();
  }

  Fold fold(std::size_t index) const override {
    if (!setting().energies) return without_training(index);
    const std::size_t sample = index / (kFolds * groups_at_once());
    const std::size_t number = index / groups_at_once() % kFolds;
    Fold fold{sample, sample, {}};
    if (!options().fit.pool) {
      add_part(tested()[index % groups_at_once()], number, fold);
      return fold;
    }
    for (std::size_t g = 0; g < groups(); ++g) {
      if (tests(g)) {
        add_part(g, number, fold);
      } else {
        fold.parts.push_back(whole(g));
      }
    }
    return fold;
  }

  std::vector<PickOutcome> picks_across_folds(std::size_t g,
                                              std::span<const RowOutcome> rows) const override {
    std::vector<PickOutcome> picks;
    if (!setting().energies) return picks;
    std::vector<const RowOutcome*> answers(group(g).rows.size());
    for (const RowOutcome& row : rows) answers[row.row] = &row;
    for (const LimitedQuestion& question : questions_[g]) {
      if (const auto pick = pick_under(g, question, answers)) picks.push_back(*pick);
    }
    return picks;
  }

  /// Limits of one group share their rows: the group is resampled as one.
  std::size_t cluster(std::size_t, std::size_t) const override { return 0; }

  void describe(std::size_t g, GroupReport& report) const override {
    report.n_questions = questions_[g].size();
  }

 private:
  const LimitedOptions& limits() const { return own<LimitedOptions>(); }

  Error no_question() const {
    for (std::size_t g = 0; g < groups(); ++g) {
      if (!fields(group(g)).empty())
        return Error::bad_input({}, "no --tpot limit is met by two comparable rows");
    }
    return Error::bad_input({},
                            "no row has both an energy and a latency (tpot_s, or total_time_s with ttft_s)");
  }

  using Answers = std::vector<const RowOutcome*>;  // by row; nullptr where there is none

  std::size_t groups_at_once() const { return options().fit.pool ? 1 : tested().size(); }

  /// Fold `number` holds out every fifth row in the order of the seed. A group with no row left to train on
  /// is left out.
  void add_part(std::size_t g, std::size_t number, Fold& fold) const {
    const std::vector<table::Row>& rows = group(g).rows;
    const std::vector<std::size_t> order = shuffled_order(fold.seed, rows.size());
    std::vector<std::size_t> held_out;
    for (std::size_t place = number; place < order.size(); place += kFolds) held_out.push_back(order[place]);
    if (held_out.size() == rows.size()) return;
    Part part = without(g, held_out);
    const auto no_energy = std::ranges::stable_partition(
        part.test, [&](std::size_t row) { return rows[row].scenario_energy_j() > 0; });
    part.withheld.assign(no_energy.begin(), no_energy.end());
    part.test.erase(no_energy.begin(), no_energy.end());
    fold.parts.push_back(std::move(part));
  }

  /// A group with all rows hidden and all questions asked.
  Fold without_training(std::size_t index) const {
    const std::size_t sample = index / tested().size();
    Fold fold{sample, sample, {}};
    Part& part = fold.parts.emplace_back();
    part.group = tested()[index % tested().size()];
    for (std::size_t row = 0; row < group(part.group).rows.size(); ++row) part.test.push_back(row);
    for (const LimitedQuestion& question : questions_[part.group]) {
      part.questions.push_back({question.keep, true, question.number});
    }
    return fold;
  }

  /// Nothing if no candidate has the predictions that are needed.
  std::optional<PickOutcome> pick_under(std::size_t g, const LimitedQuestion& question,
                                        const Answers& answers) const {
    const bool measured = limits().latency == Latency::measured;
    std::optional<std::size_t> picked;
    std::tuple<double, double, double> least;
    for (const std::size_t row : measured ? question.keep : question.rows) {
      if (answers[row] == nullptr) continue;
      const double energy = predicted_j(g, *answers[row]);
      const double chance = measured ? 0 : predictor::chance_above(answers[row]->tpot_s, question.limit_s);
      if (!known(energy) || !known(chance)) continue;
      // Within the risk the least energy wins. If no candidate is within it, the least chance of a breach
      // wins, then the least time.
      const bool within = chance <= limits().breach_risk;
      const std::tuple rank(within ? 0 : chance, within ? 0 : answers[row]->tpot_s.value, energy);
      if (picked && !(rank < least)) continue;
      picked = row;
      least = rank;
    }
    if (!picked) return std::nullopt;
    return outcome(g, question, answers, *picked);
  }

  PickOutcome outcome(std::size_t g, const LimitedQuestion& question, const Answers& answers,
                      std::size_t picked) const {
    std::vector<double> measured, predicted;
    for (const std::size_t row : question.keep) {
      measured.push_back(measured_j(g, row));
      predicted.push_back(answers[row] == nullptr ? kUnknown : predicted_j(g, *answers[row]));
    }
    PickOutcome pick;
    pick.question = question.number;
    pick.breach = std::ranges::find(question.keep, picked) == question.keep.end() ? 1 : 0;
    if (pick.breach == 0) pick.regret = measured_j(g, picked) / std::ranges::min(measured) - 1;
    pick.pairwise = pairwise(measured, predicted);
    return pick;
  }

  double measured_j(std::size_t g, std::size_t row) const {
    const table::Row& measured = group(g).rows[row];
    return per_token_j(measured.config, measured.scenario_energy_j());
  }
  double predicted_j(std::size_t g, const RowOutcome& answer) const {
    return per_token_j(group(g).rows[answer.row].config, answer.predicted.value);
  }

  std::vector<std::vector<LimitedQuestion>> questions_;  // by group
};

}  // namespace

std::unique_ptr<Plan> limited_plan(std::span<const table::Group> groups, const Setting& setting) {
  return std::make_unique<Limited>(groups, setting);
}

}  // namespace energylens::eval
