// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/asked_model.hpp"
#include "cli/flags.hpp"
#include "cli/library/system.hpp"

namespace energylens::cli {

/// The options by which a command asks a model about one configuration.
struct QuestionFlags {
  std::string model, layout, row_kind = "job";
  int tp = 0, pp = 0, dp = 0, ep = 0;
  double batch = kUnknown, max_batch = kUnknown, kv_capacity_tokens = kUnknown;
  double power_limit_w = kUnknown, clock_share = kUnknown;
  RequestFlags request;
  std::vector<std::string> where;
  SystemFlags system;
  SystemChoice library;

  void declare(Arguments& args);
  /// The layout, by either kind of option. Throws Error (usage) for none or both.
  table::Layout chosen_layout() const;
  /// The configuration asked about. Throws Error (usage) for what is missing or stated twice.
  table::Configuration configuration() const;
  /// Whether any option describes the configuration.
  bool describes_one() const;
  /// The group of the model file, or the law of the library, that is asked.
  AskedModel asked() const;
};

}  // namespace energylens::cli
