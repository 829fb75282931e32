// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "fit.hpp"
#include "tree.hpp"

namespace energylens::search {

/// A formula with its constants and what it costs.
struct Member {
  Tree tree;
  Fitted fitted;
  double complexity = 0;
  double loss() const { return fitted.loss; }
};

/// The best formula of each complexity. Of equal losses the one that came first stays.
class Archive {
 public:
  /// True if the member became the best of its complexity and no simpler one is as good.
  bool admit(const Member& member);
  /// Those that no simpler one equals, by rising complexity.
  std::vector<const Member*> front() const;
  const std::map<double, Member>& by_complexity() const { return best_; }
  double least_loss() const;

 private:
  std::map<double, Member> best_;
};

}  // namespace energylens::search
