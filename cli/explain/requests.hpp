// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "cli/asked_model.hpp"
#include "cli/predict/question.hpp"

namespace energylens::cli {

/// `explain --requests`: whose requests took how much of the energy of a log.
struct RequestLogFlags {
  std::string file;
  double metered_j = kUnknown;
  bool quiet = false;
  void declare(Arguments& args);
};
void print_attribution(const RequestLogFlags& flags, const QuestionFlags& question, const AskedModel& model,
                       const std::string& format);

}  // namespace energylens::cli
