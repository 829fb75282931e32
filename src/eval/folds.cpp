// SPDX-License-Identifier: Apache-2.0
// folds.cpp: who trains and who is asked, as docs/evaluation.md defines it. Held by folds_test.cpp: the
// worked example of that document, and that no held-out row is ever trained on.
#include "eval/folds.hpp"

#include <algorithm>
#include <numeric>

#include "energylens/core/rng.hpp"

namespace energylens::eval {
namespace {

std::vector<bool> mask(std::size_t n, std::span<const std::size_t> rows) {
  std::vector<bool> marked(n);
  for (const std::size_t row : rows) marked[row] = true;
  return marked;
}

/// The scenarios that remain questions when `held_out` rows are taken away: those with two layouts left.
std::vector<table::Scenario> remaining(const table::Group& group, std::span<const table::Scenario> scenarios,
                                       const std::vector<bool>& held_out) {
  std::vector<table::Scenario> kept;
  for (table::Scenario scenario : scenarios) {
    std::erase_if(scenario.rows, [&](std::size_t row) { return held_out[row]; });
    const auto other_layout = [&](std::size_t row) {
      return group.rows[row].config.layout != group.rows[scenario.rows.front()].config.layout;
    };
    if (std::ranges::any_of(scenario.rows, other_layout)) kept.push_back(std::move(scenario));
  }
  return kept;
}

}  // namespace

std::vector<std::size_t> held_out_scenarios(std::uint64_t seed, std::size_t n) {
  std::vector<std::size_t> order = shuffled_order(seed, n);
  order.resize((3 * n + 9) / 10);
  return order;
}

Plan::Plan(std::span<const table::Group> groups, const Options& options)
    : groups_(groups), options_(options) {
  for (const table::Group& group : groups) scenarios_.push_back(table::scenarios(group, options.same_gpus));
  if (options.protocol != Protocol::loo) return;
  for (std::size_t group = 0; group < groups.size(); ++group) leave_out(group);
}

void Plan::leave_out(std::size_t group) {
  const std::vector<table::Row>& rows = groups_[group].rows;
  std::vector<bool> placed(rows.size());
  if (options_.unit == Unit::scenario) {
    for (const table::Scenario& scenario : scenarios_[group]) {
      left_out_.push_back({group, scenario.rows, scenario});
      for (const std::size_t row : scenario.rows) placed[row] = true;
    }
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!placed[row] && rows[row].scenario_energy_j() > 0) left_out_.push_back({group, {row}, std::nullopt});
  }
}

std::size_t Plan::samples() const {
  return options_.protocol == Protocol::loo ? 1 : static_cast<std::size_t>(options_.seeds);
}

std::size_t Plan::size() const {
  if (options_.protocol == Protocol::loo) return left_out_.size();
  return samples() * (options_.fit.pool ? 1 : groups_.size());
}

Fold Plan::fold(std::size_t index) const {
  if (options_.protocol == Protocol::loo) {
    Fold fold{0, options_.fit.seed, {}};
    const LeftOut& left_out = left_out_[index];
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      if (group == left_out.group) {
        fold.parts.push_back(without(left_out));
      } else if (options_.fit.pool) {
        fold.parts.push_back(whole(group));
      }
    }
    return fold;
  }
  const std::size_t per_sample = size() / samples();
  Fold fold{index / per_sample, index / per_sample, {}};
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    if (options_.fit.pool || group == index % per_sample)
      fold.parts.push_back(selection_part(group, fold.seed));
  }
  return fold;
}

Part Plan::selection_part(std::size_t group, std::uint64_t seed) const {
  const std::size_t n = groups_[group].rows.size();
  Part part;
  part.group = group;
  for (const std::size_t scenario : held_out_scenarios(seed, scenarios_[group].size())) {
    part.questions.push_back(scenarios_[group][scenario]);
    const std::vector<std::size_t>& rows = part.questions.back().rows;
    part.test.insert(part.test.end(), rows.begin(), rows.end());
  }
  const std::vector<bool> held_out = mask(n, part.test);
  for (const std::size_t row : shuffled_order(splitmix64(seed), n)) {
    if (!held_out[row] && part.train.size() < options_.train) part.train.push_back(row);
  }
  part.scenarios = remaining(groups_[group], scenarios_[group], held_out);
  return part;
}

Part Plan::whole(std::size_t group) const {
  Part part;
  part.group = group;
  part.train.resize(groups_[group].rows.size());
  part.scenarios = scenarios_[group];
  std::iota(part.train.begin(), part.train.end(), std::size_t{0});
  return part;
}

Part Plan::without(const LeftOut& left_out) const {
  Part part = whole(left_out.group);
  const std::vector<bool> held_out = mask(part.train.size(), left_out.rows);
  std::erase_if(part.train, [&](std::size_t row) { return held_out[row]; });
  part.scenarios = remaining(groups_[left_out.group], part.scenarios, held_out);
  part.test = left_out.rows;
  if (left_out.question) part.questions.push_back(*left_out.question);
  return part;
}

}  // namespace energylens::eval
