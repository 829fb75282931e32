// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/verb.hpp"

int main(int argc, char** argv) {
  using namespace energylens::cli;
  open_standard_streams();
  install_signal_handlers();
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const int code = run_program(words);
    return interrupted().cancelled() ? int{kInterrupted} : code;
  } catch (const std::exception& error) {
    if (interrupted().cancelled()) {  // the error is a consequence of the interrupted work
      inform("stopped");
      return kInterrupted;
    }
    report_error(error);
    const auto* const ours = dynamic_cast<const energylens::Error*>(&error);
    return ours ? exit_code(ours->code()) : int{kFailure};
  }
}
