// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "eval/judge.hpp"

namespace energylens::eval {

/// All outcomes of one predictor in one group, and what its fits said of themselves.
struct GroupRecord {
  std::vector<Outcomes> samples;
  double parameters = 0;  ///< sum over the fits that succeeded
  std::size_t fits = 0, failures = 0;
  std::string failure;  ///< the first message
};
using Record = std::vector<GroupRecord>;  ///< by group

/// The outcomes of the folds of a plan, put together in their order, with the picks made from several of
/// them.
Record gather(const Plan& plan, std::size_t groups, std::span<const FoldOutcome> folds);

/// The figures of one group.
Scores group_scores(const GroupRecord& record);
/// Of all picks and all rows of all groups, sample by sample; `by_group` are the scores of the groups asked.
Scores overall_scores(const Record& record, bool pool, std::span<const Scores> by_group);

}  // namespace energylens::eval
