// SPDX-License-Identifier: Apache-2.0
// plan.cpp: what all protocols share. Held by folds_test.cpp and leak_test.cpp.
#include "eval/plan.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <set>

#include "energylens/core/rng.hpp"

namespace energylens::eval {
namespace {

/// Rows of one scenario share a number; a row of none has its own.
std::vector<std::size_t> clusters_of(std::size_t rows, std::span<const table::Scenario> scenarios) {
  std::vector<std::size_t> clusters(rows);
  std::iota(clusters.begin(), clusters.end(), std::size_t{0});
  for (const table::Scenario& scenario : scenarios) {
    for (const std::size_t row : scenario.rows) clusters[row] = scenario.rows.front();
  }
  return clusters;
}

}  // namespace

Plan::Plan(std::span<const table::Group> groups, const Setting& setting)
    : groups_(groups), setting_(setting) {
  for (std::size_t g = 0; g < groups.size(); ++g) {
    scenarios_.push_back(table::scenarios(groups[g], options().same_gpus));
    clusters_.push_back(clusters_of(groups[g].rows.size(), scenarios_.back()));
    const bool target = g >= sources_of(options().protocol);
    if (target && layout_count(groups[g]) >= options().min_layouts) tested_.push_back(g);
  }
}

std::size_t Plan::samples() const {
  return static_cast<std::size_t>(seeds_of(options().protocol));
}

std::vector<PickOutcome> Plan::picks_across_folds(std::size_t, std::span<const RowOutcome>) const {
  return {};
}

std::size_t Plan::cluster(std::size_t group, std::size_t row) const {
  return clusters_[group][row];
}

void Plan::describe(std::size_t, GroupReport&) const {}

bool Plan::tests(std::size_t group) const {
  return std::ranges::binary_search(tested_, group);
}

Part Plan::whole(std::size_t group) const {
  Part part;
  part.group = group;
  part.train.resize(groups_[group].rows.size());
  part.scenarios = scenarios_[group];
  std::iota(part.train.begin(), part.train.end(), std::size_t{0});
  return part;
}

Part Plan::without(std::size_t group, std::span<const std::size_t> rows) const {
  Part part = whole(group);
  std::vector<bool> kept = mask(part.train.size(), rows);
  kept.flip();
  std::erase_if(part.train, [&](std::size_t row) { return !kept[row]; });
  part.scenarios = remaining(groups_[group], part.scenarios, kept);
  part.test.assign(rows.begin(), rows.end());
  return part;
}

std::vector<std::size_t> Plan::drawn(std::uint64_t seed, std::size_t n,
                                     const std::vector<bool>& may_train) const {
  std::vector<std::size_t> train;
  for (const std::size_t row : shuffled_order(splitmix64(seed), may_train.size())) {
    if (may_train[row] && train.size() < n) train.push_back(row);
  }
  return train;
}

std::optional<std::size_t> training_rows(const Setting& setting) {
  const ProtocolOptions& protocol = setting.options.protocol;
  if (const auto* selection = std::get_if<SelectionOptions>(&protocol)) return selection->train;
  if (const auto* extrapolate = std::get_if<ExtrapolateOptions>(&protocol)) return extrapolate->train;
  if (std::holds_alternative<TransferOptions>(protocol)) return setting.train;
  return std::nullopt;
}

int seeds_of(const ProtocolOptions& protocol) {
  return std::visit(
      [](const auto& own) {
        if constexpr (requires { own.seeds; }) return own.seeds;
        return 0;
      },
      protocol);
}

std::size_t sources_of(const ProtocolOptions& protocol) {
  const auto* const transfer = std::get_if<TransferOptions>(&protocol);
  return transfer ? transfer->sources : 0;
}

std::vector<bool> mask(std::size_t n, std::span<const std::size_t> rows) {
  std::vector<bool> marked(n);
  for (const std::size_t row : rows) marked[row] = true;
  return marked;
}

std::vector<table::Scenario> remaining(const table::Group& group, std::span<const table::Scenario> scenarios,
                                       const std::vector<bool>& kept) {
  std::vector<table::Scenario> left;
  for (table::Scenario scenario : scenarios) {
    std::erase_if(scenario.rows, [&](std::size_t row) { return !kept[row]; });
    const auto other_layout = [&](std::size_t row) {
      return group.rows[row].config.layout != group.rows[scenario.rows.front()].config.layout;
    };
    if (std::ranges::any_of(scenario.rows, other_layout)) left.push_back(std::move(scenario));
  }
  return left;
}

std::vector<HeldOutQuestion> layout_questions(std::span<const table::Scenario> scenarios) {
  std::vector<HeldOutQuestion> questions;
  for (const table::Scenario& scenario : scenarios) {
    questions.push_back({scenario.rows, false, scenario.rows.front()});
  }
  return questions;
}

double axis_value(const table::Row& row, Axis axis) {
  assert(axis != Axis::layout);
  const table::Load& load = row.config.load;
  if (axis == Axis::isl) return load.isl;
  if (axis == Axis::osl) return load.osl;
  return load.kind == table::RowKind::steady && known(load.server_limit()) ? load.server_limit() : load.batch;
}

std::size_t layout_count(const table::Group& group) {
  std::set<table::Layout> layouts;
  for (const table::Row& row : group.rows) layouts.insert(row.config.layout);
  return layouts.size();
}

}  // namespace energylens::eval
