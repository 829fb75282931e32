// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "energylens/core/parallel.hpp"

namespace energylens::cli {

/// A program that runs commands inside its own process, such as Python: it takes what a terminal would show.
struct Host {
  std::string out;                 ///< standard output
  std::vector<std::string> notes;  ///< lines of standard error
  /// Receives the progress of long work; may be empty. Called from one thread at a time.
  std::function<void(const std::string& what, std::size_t done, std::size_t total)> progress;
  CancelToken cancel;  ///< in place of Ctrl-C
};

/// Runs a command for the host, as run_program does. Commands of several threads run one after the other.
int run_for(Host& host, std::span<const std::string> words);

/// The host of the command that runs now; nullptr in the program itself.
Host* current_host();
/// Replaces it and returns the former one.
Host* exchange_host(Host* next);

/// What `main` does with the words after the name of the program: signals, errors and exit code.
int run_main(std::span<const std::string> words);

}  // namespace energylens::cli
