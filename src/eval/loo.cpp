// SPDX-License-Identifier: Apache-2.0
// loo.cpp: each row, or each scenario, left out once. Held by folds_test.cpp and evaluate_test.cpp.
#include <algorithm>
#include <limits>
#include <optional>

#include "eval/plan.hpp"

namespace energylens::eval {
namespace {

class Loo final : public Plan {
 public:
  /// A rule always has whole scenarios left out: with one row left out it would see the rest of the question.
  Loo(std::span<const table::Group> groups, const Setting& setting)
      : Plan(groups, setting), unit_(setting.energies ? own<LooOptions>().unit : Unit::scenario) {
    for (const std::size_t g : tested()) leave_out(g);
  }

  std::size_t samples() const override { return 1; }
  std::size_t size() const override { return left_out_.size(); }

  Fold fold(std::size_t index) const override {
    const LeftOut& left_out = left_out_[index];
    Fold fold{0, options().fit.seed, {}};
    for (std::size_t g = 0; g < groups(); ++g) {
      if (g == left_out.group) {
        Part& part = fold.parts.emplace_back(without(g, left_out.rows));
        if (left_out.question) part.questions = layout_questions(std::span(&*left_out.question, 1));
      } else if (options().fit.pool) {
        fold.parts.push_back(whole(g));
      }
    }
    return fold;
  }

  std::vector<PickOutcome> picks_across_folds(std::size_t g,
                                              std::span<const RowOutcome> rows) const override {
    std::vector<PickOutcome> picks;
    if (unit_ == Unit::scenario) return picks;
    std::vector<double> predictions(group(g).rows.size(), kUnknown);
    for (const RowOutcome& row : rows) predictions[row.row] = row.predicted.value;
    for (const table::Scenario& scenario : scenarios(g)) {
      if (const auto pick = least_predicted(g, scenario, predictions)) picks.push_back(*pick);
    }
    return picks;
  }

 private:
  /// Rows that are left out together, and their question if they are a scenario.
  struct LeftOut {
    std::size_t group;
    std::vector<std::size_t> rows;
    std::optional<table::Scenario> question;
  };

  void leave_out(std::size_t g) {
    const std::vector<table::Row>& rows = group(g).rows;
    std::vector<bool> placed(rows.size());
    if (unit_ == Unit::scenario) {
      for (const table::Scenario& scenario : scenarios(g)) {
        left_out_.push_back({g, scenario.rows, scenario});
        for (const std::size_t row : scenario.rows) placed[row] = true;
      }
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (!placed[row] && rows[row].scenario_energy_j() > 0) left_out_.push_back({g, {row}, std::nullopt});
    }
  }

  /// The pick among predictions from different folds: the least known energy; the first of equal ones.
  std::optional<PickOutcome> least_predicted(std::size_t g, const table::Scenario& scenario,
                                             const std::vector<double>& predictions) const {
    std::vector<table::Row> candidates;
    std::vector<double> measured, predicted;
    for (const std::size_t row : scenario.rows) {
      candidates.push_back(group(g).rows[row]);
      measured.push_back(group(g).rows[row].scenario_energy_j());
      predicted.push_back(predictions[row]);
    }
    if (std::ranges::none_of(predicted, known)) return std::nullopt;
    const auto least = std::ranges::min_element(predicted, {}, [](double value) {
      return known(value) ? value : std::numeric_limits<double>::infinity();
    });
    PickOutcome pick;
    pick.question = scenario.rows.front();
    pick.regret = regret(candidates, static_cast<std::size_t>(least - predicted.begin()));
    pick.pairwise = pairwise(measured, predicted);
    return pick;
  }

  Unit unit_;
  std::vector<LeftOut> left_out_;
};

}  // namespace

std::unique_ptr<Plan> loo_plan(std::span<const table::Group> groups, const Setting& setting) {
  return std::make_unique<Loo>(groups, setting);
}

}  // namespace energylens::eval
