// SPDX-License-Identifier: Apache-2.0
// The handlers are set before the command starts, and a signal that comes in between is kept until it has
// started. A terminal sends its signals to the command too, as it is of the same process group: those the
// kernel made are not sent twice. Held by tests/cli/meter_test.cpp.
#include "cli/meter/child.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "energylens/core/error.hpp"

extern char** environ;

namespace energylens::cli {
namespace {

constexpr std::array kPassedOn = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

std::atomic<pid_t> child_pid{0};
std::atomic<int> kept_signal{0};
static_assert(std::atomic<pid_t>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void pass_on(int signal, siginfo_t* info, void*) {
  if (info != nullptr && info->si_code == SI_KERNEL) return;
  const int error = errno;
  const pid_t pid = child_pid.load();
  if (pid > 0) {
    ::kill(pid, signal);
  } else {
    kept_signal.store(signal);
  }
  errno = error;
}

/// Passes signals on while it lives.
class SignalPassing {
 public:
  SignalPassing() {
    struct sigaction action {};
    action.sa_sigaction = pass_on;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kPassedOn.size(); ++i) ::sigaction(kPassedOn[i], &action, &before_[i]);
  }
  SignalPassing(const SignalPassing&) = delete;
  SignalPassing& operator=(const SignalPassing&) = delete;
  ~SignalPassing() {
    child_pid = 0;
    for (std::size_t i = 0; i < kPassedOn.size(); ++i) ::sigaction(kPassedOn[i], &before_[i], nullptr);
  }

 private:
  std::array<struct sigaction, kPassedOn.size()> before_{};
};

/// Starts the command with all signals as a shell would leave them.
int spawn(std::vector<char*>& words, pid_t& pid) {
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  sigaddset(&defaults, SIGXFSZ);
  for (const int signal : kPassedOn) sigaddset(&defaults, signal);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error = ::posix_spawnp(&pid, words.front(), nullptr, &attributes, words.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  return error;
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR)
      throw Error(ErrorCode::io, {}, std::string("cannot wait for the command: ") + std::strerror(errno));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int run_child(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  kept_signal = 0;
  const SignalPassing passing;
  pid_t pid = 0;
  if (const int error = spawn(pointers, pid); error != 0) {
    throw Error(ErrorCode::io, {}, "cannot run \"" + words.front() + "\": " + std::strerror(error));
  }
  child_pid = pid;
  if (const int signal = kept_signal.exchange(0); signal != 0) ::kill(pid, signal);
  return wait_for(pid);
}

}  // namespace energylens::cli
