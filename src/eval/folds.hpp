// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "energylens/eval/evaluate.hpp"

namespace energylens::eval {

/// What one group gives to one fold. All numbers are indices into Group::rows.
struct Part {
  std::size_t group = 0;
  std::vector<std::size_t> train;          ///< rows the predictor is fitted to
  std::vector<table::Scenario> scenarios;  ///< training scenarios, without held-out rows
  std::vector<std::size_t> test;           ///< held-out rows, each with a scenario energy
  std::vector<table::Scenario> questions;  ///< held-out scenarios
};

/// One fit and what it is asked afterwards.
struct Fold {
  std::size_t sample = 0;  ///< which sample its outcomes belong to
  std::uint64_t seed = 0;
  std::vector<Part> parts;
};

/// The folds of a protocol, made one at a time. docs/evaluation.md is the definition.
class Plan {
 public:
  /// `groups` must outlive the plan.
  Plan(std::span<const table::Group> groups, const Options& options);

  std::size_t size() const;  ///< number of folds
  std::size_t samples() const;
  Fold fold(std::size_t index) const;
  const std::vector<table::Scenario>& scenarios(std::size_t group) const { return scenarios_[group]; }

 private:
  /// Rows that are left out together, and the question they make.
  struct LeftOut {
    std::size_t group;
    std::vector<std::size_t> rows;
    std::optional<table::Scenario> question;
  };

  void leave_out(std::size_t group);
  Part selection_part(std::size_t group, std::uint64_t seed) const;
  Part whole(std::size_t group) const;
  Part without(const LeftOut& left_out) const;

  std::span<const table::Group> groups_;
  Options options_;
  std::vector<std::vector<table::Scenario>> scenarios_;  // by group
  std::vector<LeftOut> left_out_;                        // loo
};

/// ceil(30 %) of n scenarios, in the order in which a seed draws them.
std::vector<std::size_t> held_out_scenarios(std::uint64_t seed, std::size_t n);

}  // namespace energylens::eval
