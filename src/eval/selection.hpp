// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "eval/plan.hpp"
#include "eval/sampler.hpp"

namespace energylens::eval {

/// Scenarios held out by a seed; N rows of what is left train.
class Selection : public Plan {
 public:
  Selection(std::span<const table::Group> groups, const Setting& setting)
      : Plan(groups, setting), sampler_(groups, setting.options) {}
  std::size_t size() const override;
  Fold fold(std::size_t index) const override;

 protected:
  /// A group that is asked.
  Part asked_part(std::size_t group, std::uint64_t seed) const;

 private:
  /// A group that is only trained on.
  Part teaching_part(std::size_t group, std::uint64_t seed) const;

  Sampler sampler_;
};

}  // namespace energylens::eval
