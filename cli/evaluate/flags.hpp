// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "energylens/eval/options.hpp"

namespace energylens::cli {

/// How predictors are to be judged.
struct EvaluateFlags {
  void declare(Arguments& args);
  /// Everything but the system, the sources and how to run. Throws Error (usage) for a flag of another
  /// protocol and for a pair that is none.
  eval::Options options() const;
  bool train_given() const { return train_ > 0; }

  std::string protocol = "selection";
  std::string structure;  ///< model file whose formulas `discovered` takes; "": the built-in ones
  std::vector<std::string> predictors;      ///< as given; empty: all
  std::vector<std::string> source, target;  ///< conditions of transfer

 private:
  void refuse_other_protocols() const;

  eval::Options settings_;
  std::string unit_, blocked_, axis_, latency_, sampling_ = "random";
  std::vector<double> train_sizes_, tpot_limits_ms_;
  std::vector<std::string> compare_;
  int train_ = 0, min_layouts_ = 1, seeds_ = 0;
  double breach_risk_ = kUnknown;
};

}  // namespace energylens::cli
