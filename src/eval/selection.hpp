// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "eval/plan.hpp"
#include "eval/sampler.hpp"

namespace energylens::eval {

/// A seed holds out scenarios; the training rows are drawn from the others.
class Selection : public Plan {
 public:
  /// Options of the protocol `selection` that other protocols have too, or have values for.
  struct Draw {
    std::size_t train;  ///< rows of a tested group
    std::optional<Axis> blocked;
    design::Strategy sampling;
  };
  Selection(std::span<const table::Group> groups, const Setting& setting, const Draw& draw);
  std::size_t size() const override;
  Fold fold(std::size_t index) const override;

 protected:
  /// A group that is tested.
  Part tested_part(std::size_t group, std::uint64_t seed) const;

 private:
  /// A group that is only trained on.
  Part training_part(std::size_t group, std::uint64_t seed) const;

  Draw draw_;
  Sampler sampler_;
};

}  // namespace energylens::eval
