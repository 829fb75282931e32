// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "cli/asked_model.hpp"
#include "cli/flags.hpp"

namespace energylens::cli {

/// The options of `predict --configurations`.
struct ManyOptions {
  std::string file, output = "-";
  bool intervals = false;
  RunFlags run;
  void declare(Arguments& args);
  bool given() const { return !file.empty(); }
};

/// Predicts every configuration of the file and writes one row for each, in their order. Throws Error with the place of a
/// configuration that cannot be predicted. Returns the number of rows outside the fitted domain.
std::size_t predict_many(const ManyOptions& options, const std::string& format, const AskedModel& model,
                         double context_tokens);

}  // namespace energylens::cli
