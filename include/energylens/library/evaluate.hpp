// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "energylens/library/library.hpp"
#include "energylens/parametric/transfer.hpp"

namespace energylens::library {

/// What is left out of the library together with a group.
enum class LeftOut { model, gpu, vendor };
std::string_view left_out_text(LeftOut what);

struct EvaluateOptions {
  std::vector<std::size_t> train = {0, 5, 10};
  int seeds = 3;           ///< draws of the training rows
  std::uint64_t seed = 0;  ///< of the draws
  parametric::Relation relation = parametric::Relation::population;
  predictor::FitOptions fit;
};

/// One group at one number of training rows.
struct GroupScore {
  std::size_t group = 0;
  LeftOut left_out = LeftOut::model;
  std::size_t train = 0;
  std::vector<double> errors;  ///< |predicted / measured - 1| of each test row, over all draws
  std::vector<bool> inside;    ///< whether the 90 % interval holds the row
  std::size_t scenarios = 0, right = 0;
  double regret = 0;  ///< sum over scenarios
};

/// Predicts the energies of each group with all entries of its model, GPU or vendor left out. Groups without a source are
/// left out. Runs on options.fit.run.threads.
std::vector<GroupScore> evaluate(const Library& library, std::span<const table::Group> groups,
                                 const EvaluateOptions& options);

/// Scores together: every group counts alike.
struct Summary {
  LeftOut left_out = LeftOut::model;
  std::size_t train = 0, groups = 0, rows = 0;
  double median_error = kUnknown;      ///< of all test rows, each group weighing the same
  double median_of_groups = kUnknown;  ///< of the groups' own medians
  double coverage = kUnknown;          ///< of 90 % intervals, mean over groups
  std::size_t scenarios = 0;
  double top1 = kUnknown, regret = kUnknown;
};
std::vector<Summary> summarise(std::span<const GroupScore> scores);

}  // namespace energylens::library
