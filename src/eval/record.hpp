// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "eval/evaluate_fold.hpp"

namespace energylens::eval {

/// All outcomes of one predictor in one group, and a summary of its fits.
struct GroupRecord {
  std::vector<Outcomes> samples;
  double parameters = 0;  ///< sum over the fits that succeeded
  std::size_t fits = 0, failures = 0;
  std::string failure;  ///< the first message
};
using Record = std::vector<GroupRecord>;  ///< by group

/// The outcomes of the folds of a plan, joined in their order, and the picks that use several folds.
Record gather(const Plan& plan, std::size_t groups, std::span<const FoldOutcome> folds);

/// The figures of one group.
Scores group_scores(const GroupRecord& record);
/// The figures of all picks and all rows of all groups, sample by sample; `by_group`: the scores of the
/// groups that were tested.
Scores overall_scores(const Record& record, bool pool, std::span<const Scores> by_group);

}  // namespace energylens::eval
