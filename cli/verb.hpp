// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "cli/arguments.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {

/// What the program returns, besides 0.
enum ExitCode : int {
  kOk = 0,
  kFailure = 1,
  kUsage = 2,
  kMeasurementInvalid = 3,
  kNoConfiguration = 4,
  kOutsideDomain = 5,
  kMeterFailure = 125,
  kInterrupted = 130,
};

/// Work that is ready to run; returns the exit code.
using Run = std::function<int()>;

/// One verb of the program: what it is called ("fit", "table check"), one sentence, and the function that
/// declares its flags and returns its work.
struct Verb {
  std::string_view name;
  std::string_view sentence;
  Run (*setup)(Arguments&);
  int failure_code = 0;  ///< returned for every failure of ours; 0: by kind of error
};

// One file each in cli/verbs.
Run fit_verb(Arguments& args);
Run predict_verb(Arguments& args);
Run choose_verb(Arguments& args);
Run evaluate_verb(Arguments& args);
Run design_verb(Arguments& args);
Run transfer_verb(Arguments& args);
Run discover_verb(Arguments& args);
Run simulate_verb(Arguments& args);
Run doctor_verb(Arguments& args);
Run meter_verb(Arguments& args);
Run profile_verb(Arguments& args);
Run collect_verb(Arguments& args);
Run bench_verb(Arguments& args);
Run import_verb(Arguments& args);
Run catalogue_verb(Arguments& args);
Run table_check_verb(Arguments& args);
Run table_template_verb(Arguments& args);
Run table_convert_verb(Arguments& args);

/// The help of the whole program, or of a family of verbs ("table").
std::string overview(std::span<const Verb> verbs, std::string_view family = {});

/// Finds the verb, parses the rest of `words` and runs it. Throws Error for wrong usage.
int run_program(std::span<const Verb> verbs, std::span<const std::string> words);

int exit_code(ErrorCode code) noexcept;

}  // namespace energylens::cli
