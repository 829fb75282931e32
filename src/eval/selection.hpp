// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "eval/plan.hpp"

namespace energylens::eval {

/// Scenarios held out by a seed; N rows of what is left train.
class Selection : public Plan {
 public:
  using Plan::Plan;
  std::size_t size() const override;
  Fold fold(std::size_t index) const override;

 protected:
  /// A group that is asked.
  Part asked_part(std::size_t group, std::uint64_t seed) const;

 private:
  /// A group that is only trained on.
  Part teaching_part(std::size_t group, std::uint64_t seed) const;
};

}  // namespace energylens::eval
