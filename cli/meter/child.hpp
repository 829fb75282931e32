// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace energylens::cli {

/// Runs a command without a shell, with our standard streams, and waits for its end. Signals that reach this
/// process meanwhile (INT, QUIT, TERM, HUP, USR1, USR2) are passed on; those that a terminal sends reach the
/// command by themselves. Returns its exit code, or 128 + the signal that ended it. Throws Error (io) if it
/// cannot be started. One at a time. Requires: a word.
int run_child(const std::vector<std::string>& words);

}  // namespace energylens::cli
