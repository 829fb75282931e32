// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "energylens/eval/options.hpp"
#include "energylens/eval/report.hpp"

namespace energylens::eval {

/// A held-out question.
struct HeldOutQuestion {
  std::vector<std::size_t> rows;  ///< its candidates
  /// Candidates differ in batch, not only in layout: a rule, which picks layouts, is offered the largest
  /// batch.
  bool under_limit = false;
  std::size_t number = 0;  ///< PickOutcome::question
};

/// The rows of one group in one fold, as indices into Group::rows.
struct Part {
  std::size_t group = 0;
  std::vector<std::size_t> train;          ///< rows the predictor is fitted to
  std::vector<table::Scenario> scenarios;  ///< training scenarios, without held-out rows
  std::vector<std::size_t> test;           ///< held-out rows, each with a scenario energy
  std::vector<HeldOutQuestion> questions;
  std::vector<std::size_t> withheld;  ///< neither trained on nor tested: as invisible as the test rows
};

/// One fit and the questions that follow.
struct Fold {
  std::size_t sample = 0;  ///< which sample its outcomes belong to
  std::uint64_t seed = 0;
  std::vector<Part> parts;
};

/// How one report is made.
struct Setting {
  EvaluationOptions options;  ///< of one report: SelectionOptions for each report of a learning curve
  bool with_sources = true;   ///< transfer: whether the source groups are trained on
  bool energies = true;       ///< whether the predictor predicts energy; a rule only picks
  std::size_t train = 0;      ///< transfer: training rows of a target group
};
/// Training rows asked for per group; none where all rows but the held-out ones are trained on.
std::optional<std::size_t> training_rows(const Setting& setting);
/// Samples that a protocol draws; 0 for loo, which draws none.
int seeds_of(const ProtocolOptions& protocol);
/// Groups that are sources: the first of all groups.
std::size_t sources_of(const ProtocolOptions& protocol);

/// The folds of a protocol, made one at a time. docs/method/evaluation.md is the definition.
class Plan {
 public:
  /// `groups` must outlive the plan.
  Plan(std::span<const table::Group> groups, const Setting& setting);
  virtual ~Plan() = default;
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  virtual std::size_t samples() const;
  virtual std::size_t size() const = 0;  ///< number of folds
  /// Throws Error (bad input) if no group has anything to ask.
  virtual void require_questions() const {}
  virtual Fold fold(std::size_t index) const = 0;
  /// Picks among rows that different folds predicted; `rows` are the outcomes of one group in one sample.
  virtual std::vector<PickOutcome> picks_across_folds(std::size_t group,
                                                      std::span<const RowOutcome> rows) const;
  /// The cluster of a row for resampling, in which rows stay together: by default its scenario.
  virtual std::size_t cluster(std::size_t group, std::size_t row) const;
  /// Adds what the protocol itself reports about a group.
  virtual void describe(std::size_t group, GroupReport& report) const;

  const std::vector<table::Scenario>& scenarios(std::size_t group) const { return scenarios_[group]; }
  /// The groups that are tested.
  const std::vector<std::size_t>& tested() const { return tested_; }
  bool tests(std::size_t group) const;

 protected:
  const table::Group& group(std::size_t index) const { return groups_[index]; }
  std::size_t groups() const { return groups_.size(); }
  const EvaluationOptions& options() const { return setting_.options; }
  /// The options of the protocol. Requires: it is that protocol.
  template <class Own>
  const Own& own() const {
    return std::get<Own>(setting_.options.protocol);
  }
  const Setting& setting() const { return setting_; }

  /// All rows train.
  Part whole(std::size_t group) const;
  /// All rows train but `rows`, which are held out.
  Part without(std::size_t group, std::span<const std::size_t> rows) const;
  /// The first `n` of the rows that `may_train`, in the order of the seed.
  std::vector<std::size_t> drawn(std::uint64_t seed, std::size_t n, const std::vector<bool>& may_train) const;

 private:
  std::span<const table::Group> groups_;
  Setting setting_;
  std::vector<std::vector<table::Scenario>> scenarios_;  // by group
  std::vector<std::size_t> tested_;
  std::vector<std::vector<std::size_t>> clusters_;  // by group and row
};

std::unique_ptr<Plan> make_plan(std::span<const table::Group> groups, const Setting& setting);

// One per protocol; the table in protocols.cpp names them.
std::unique_ptr<Plan> selection_plan(std::span<const table::Group> groups, const Setting& setting);
std::unique_ptr<Plan> loo_plan(std::span<const table::Group> groups, const Setting& setting);
std::unique_ptr<Plan> extrapolate_plan(std::span<const table::Group> groups, const Setting& setting);
std::unique_ptr<Plan> limited_plan(std::span<const table::Group> groups, const Setting& setting);
std::unique_ptr<Plan> transfer_plan(std::span<const table::Group> groups, const Setting& setting);

/// n flags, true at `rows`.
std::vector<bool> mask(std::size_t n, std::span<const std::size_t> rows);
/// The scenarios that have two layouts among the rows that are `kept`, with those rows alone.
std::vector<table::Scenario> remaining(const table::Group& group, std::span<const table::Scenario> scenarios,
                                       const std::vector<bool>& kept);
/// One question for each scenario: which layout needs the least energy?
std::vector<HeldOutQuestion> layout_questions(std::span<const table::Scenario> scenarios);
/// The value of a row on an axis; on `batch`, max_batch where a steady row has one. Requires: axis is not
/// layout.
double axis_value(const table::Row& row, Axis axis);
/// Number of layouts among the rows of a group.
std::size_t layout_count(const table::Group& group);

}  // namespace energylens::eval
