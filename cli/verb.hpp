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

/// One command of the program: its name ("fit", "table check"), one sentence, and the function that declares its
/// options and returns its work.
struct Verb {
  std::string_view name;
  std::string_view sentence;
  Run (*setup)(Arguments&);
  int failure_code = 0;  ///< exit code of every failure of this command; 0: by kind of error
};

// One folder each in cli.
Run fit_verb(Arguments& args);
Run predict_verb(Arguments& args);
Run choose_verb(Arguments& args);
Run plan_verb(Arguments& args);
Run explain_verb(Arguments& args);
Run emit_verb(Arguments& args);
Run replay_verb(Arguments& args);
Run evaluate_verb(Arguments& args);
Run design_verb(Arguments& args);
Run transfer_verb(Arguments& args);
Run discover_verb(Arguments& args);
Run power_caps_verb(Arguments& args);
Run speculation_verb(Arguments& args);
Run simulate_verb(Arguments& args);
Run doctor_verb(Arguments& args);
Run meter_verb(Arguments& args);
Run profile_verb(Arguments& args);
Run collect_verb(Arguments& args);
Run bench_verb(Arguments& args);
Run import_verb(Arguments& args);
Run observe_verb(Arguments& args);
Run catalogue_verb(Arguments& args);
Run library_list_verb(Arguments& args);
Run library_show_verb(Arguments& args);
Run library_nearest_verb(Arguments& args);
Run library_evaluate_verb(Arguments& args);
Run table_check_verb(Arguments& args);
Run table_template_verb(Arguments& args);
Run table_convert_verb(Arguments& args);
Run help_verb(Arguments& args);
Run completion_verb(Arguments& args);

/// All commands, in the order of the overview.
std::span<const Verb> verbs();
/// The command that the first one or two words name; nullptr if there is none.
const Verb* find_verb(std::span<const std::string> words);
/// Whether commands are called "WORD ...", such as "table".
bool is_family(std::string_view word);
/// What the program is for, or what a family of commands is; one sentence.
std::string_view purpose(std::string_view family = {});
/// Throws Error (usage) for a command that does not exist, naming the nearest one.
[[noreturn]] void refuse_verb(std::span<const std::string> words);
/// What help, manual page and completion show of a command.
CommandInfo command_info(const Verb& verb);

/// The help of the whole program, or of a family of commands ("table").
std::string overview(std::string_view family = {});

/// Finds the command, parses the rest of `words` and runs it. Throws Error for wrong usage.
int run_program(std::span<const std::string> words);

int exit_code(ErrorCode code) noexcept;

struct ExitCodeInfo {
  int code;
  std::string_view meaning;
};
/// What the exit codes mean, for people.
std::span<const ExitCodeInfo> exit_codes();

}  // namespace energylens::cli
