// SPDX-License-Identifier: Apache-2.0
// What the program returns, and what each code means. Tested by tests/cli/help_test.cpp.
#include <array>

#include "cli/verb.hpp"

namespace energylens::cli {
namespace {

constexpr std::array kExitCodes = {
    ExitCodeInfo{kOk, "success"},
    ExitCodeInfo{kFailure, "failure, such as a file that cannot be written"},
    ExitCodeInfo{kUsage, "wrong usage or invalid input"},
    ExitCodeInfo{kMeasurementInvalid, "invalid or missing measurements (with --strict)"},
    ExitCodeInfo{kNoConfiguration, "no configuration meets the limits (choose)"},
    ExitCodeInfo{kOutsideDomain, "outside the fitted domain (with --strict)"},
    ExitCodeInfo{kMeterFailure,
                 "failure of energylens meter itself; otherwise it returns the exit code of the command"},
    ExitCodeInfo{kInterrupted, "stopped by Ctrl-C"},
};

}  // namespace

int exit_code(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::usage:
    case ErrorCode::bad_input:
      return kUsage;
    case ErrorCode::cancelled:
      return kInterrupted;
    case ErrorCode::io:
      return kFailure;
  }
  return kFailure;
}

std::span<const ExitCodeInfo> exit_codes() {
  return kExitCodes;
}

}  // namespace energylens::cli
