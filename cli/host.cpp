// SPDX-License-Identifier: Apache-2.0
// Held by the tests of the Python package, tests/python.
#include "cli/host.hpp"

#include <exception>
#include <mutex>

#include "cli/console.hpp"
#include "cli/verb.hpp"

namespace energylens::cli {
namespace {

struct HostedRun {
  explicit HostedRun(Host& host) { exchange_host(&host); }
  HostedRun(const HostedRun&) = delete;
  HostedRun& operator=(const HostedRun&) = delete;
  ~HostedRun() { exchange_host(nullptr); }
};

}  // namespace

int run_for(Host& host, std::span<const std::string> words) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const HostedRun hosted(host);
  return run_program(words);
}

int run_main(std::span<const std::string> words) {
  open_standard_streams();
  install_signal_handlers();
  try {
    const int code = run_program(words);
    return interrupted().cancelled() ? int{kInterrupted} : code;
  } catch (const std::exception& error) {
    if (interrupted().cancelled()) {  // the error is a consequence of the interrupted work
      inform("stopped");
      return kInterrupted;
    }
    report_error(error);
    const auto* const ours = dynamic_cast<const Error*>(&error);
    return ours ? exit_code(ours->code()) : int{kFailure};
  }
}

}  // namespace energylens::cli
