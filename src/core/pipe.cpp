// SPDX-License-Identifier: Apache-2.0
// pipe.cpp: writing to a child that may be gone. A write to a pipe without a reader raises SIGPIPE in the writing
// thread: it is blocked there, taken from the queue if this write has raised it, and only then unblocked. Held by
// tests/core/pipe_test.cpp.
#include "core/pipe.hpp"

#include <pthread.h>
#include <signal.h>

#include <cerrno>
#include <ctime>

#include "core/file.hpp"

namespace energylens {
namespace {

class SigpipeHeldBack {
 public:
  SigpipeHeldBack() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    pending_before_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &mask_before_);
  }
  SigpipeHeldBack(const SigpipeHeldBack&) = delete;
  SigpipeHeldBack& operator=(const SigpipeHeldBack&) = delete;
  ~SigpipeHeldBack() {
    // One that waited before is somebody else's, and stays.
    const timespec at_once{};
    while (!pending_before_ && sigtimedwait(&sigpipe_, nullptr, &at_once) == -1 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  }

 private:
  sigset_t sigpipe_{}, mask_before_{};
  bool pending_before_ = false;
};

}  // namespace

bool write_to_pipe(int pipe, std::string_view content) {
  const SigpipeHeldBack held_back;
  return write_all(pipe, content);
}

}  // namespace energylens
