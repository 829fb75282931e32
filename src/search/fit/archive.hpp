// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "search/fit/fit.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {

/// A formula with its fitted constants and its complexity.
struct Member {
  Tree tree;
  Fitted fitted;
  double complexity = 0;
  double loss() const { return fitted.loss; }
};

/// The best formula of each complexity: the one of least loss, or of least measure if one is given. Of equal
/// ones the first stays.
class Archive {
 public:
  using Measure = std::function<double(const Member&)>;
  Archive() = default;
  explicit Archive(Measure measure) : measure_(std::move(measure)) {}

  /// Returns true if the member became the best of its complexity and no simpler one is as good.
  bool admit(const Member& member);
  /// The members that are better than every simpler one, by rising complexity.
  std::vector<const Member*> front() const;
  const std::map<double, Member>& by_complexity() const { return best_; }
  double least_loss() const;

 private:
  double measured(const Member& member) const { return measure_ ? measure_(member) : member.loss(); }

  Measure measure_;
  std::map<double, Member> best_;
};

}  // namespace energylens::search
