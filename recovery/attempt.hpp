// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "energylens/core/number_text.hpp"
#include "energylens/core/parallel.hpp"
#include "recovery/known.hpp"
#include "recovery/sympy_judge.hpp"

namespace energylens::recovery {

struct AttemptOptions {
  double seconds = 60;
  double noise = kUnknown;  ///< unknown: what the suite asks for
  bool units = true;
  bool processor_time = false;  ///< seconds are of the processor, by thread
  int threads = 1;
  std::uint64_t seed = 0;
  const CancelToken* cancel = nullptr;
};

/// What came of one problem.
struct Outcome {
  std::string name;
  std::optional<bool> exact;  ///< none: not judged
  std::string why;            ///< why it was not judged
  double r2 = kUnknown;       ///< on rows that were held out, without noise
  double seconds = 0;
  std::string formula;
  double complexity = 0;
  std::uint64_t seed = 0, evaluations = 0;
  // Laws of energy only.
  std::optional<bool> terms_found;   ///< every term that is worth its cost
  double held_out_error = kUnknown;  ///< mean of |f/y - 1| without noise
};

/// Looks for a known formula in a sample of it.
Outcome attempt(const Known& known, const AttemptOptions& options, SymPyJudge& judge);

}  // namespace energylens::recovery
