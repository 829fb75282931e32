// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "energylens/eval/options.hpp"

namespace energylens::cli {

/// How predictors are evaluated.
struct EvaluateFlags {
  void declare(Arguments& args);
  /// All but the system, the number of sources and how to run. Throws Error (usage) for a flag of another
  /// protocol, and for a text that is not a pair.
  eval::EvaluationOptions options() const;
  bool train_given() const { return train_ > 0; }

  std::string protocol = "selection";
  std::string structure;  ///< model file whose formulas `discovered` takes; "": the built-in ones
  std::vector<std::string> predictors;      ///< as given; empty: all
  std::vector<std::string> source, target;  ///< conditions of transfer
  bool join_power_limits = false;           ///< groups that differ in their power limit alone become one

 private:
  template <class Own, class Use>
  void for_each_own(Own& own, const Use& use) const;
  void refuse_other_protocols() const;
  void require_own_flags() const;

  eval::EvaluationOptions settings_;  ///< what all protocols share
  std::string unit_, blocked_, axis_, latency_, sampling_ = "random";
  std::vector<double> train_sizes_, tpot_limits_ms_;
  std::vector<std::string> compare_;
  int train_ = 0, min_layouts_ = 1, seeds_ = 0;
  double cut_ = kUnknown, breach_risk_ = kUnknown;
};

}  // namespace energylens::cli
