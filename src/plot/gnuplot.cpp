// SPDX-License-Identifier: Apache-2.0
// gnuplot reads its script from a pipe and writes the picture to another: no file is left behind in any case.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <thread>
#include <vector>

#include "core/pipe.hpp"
#include "energylens/core/error.hpp"
#include "plot/chart.hpp"

extern char** environ;

namespace energylens::plot {
namespace {

constexpr const char* kMissing =
    "--plot needs gnuplot; install the package gnuplot-nox (Debian, Ubuntu) or gnuplot";

/// Both ends of a pipe, closed at the end.
struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Error(ErrorCode::io, {}, std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(0);
    close(1);
  }
  void close(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
  std::array<int, 2> ends{-1, -1};
};

std::string all_of(int file) {
  std::string text;
  std::array<char, 1 << 16> chunk;
  for (;;) {
    const ssize_t n = ::read(file, chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(n));
  }
}

int wait_for_gnuplot(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct Drawn {
  int code = 0;
  std::string out, err;
};

/// Runs gnuplot with the arguments and the input.
Drawn run_gnuplot(std::vector<const char*> words, const std::string& input) {
  Pipe in, out, err;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  ::posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
  words.insert(words.begin(), "gnuplot");
  words.push_back(nullptr);
  pid_t pid = 0;
  const int error =
      ::posix_spawnp(&pid, "gnuplot", &actions, nullptr, const_cast<char* const*>(words.data()), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) throw Error(ErrorCode::io, {}, kMissing);
  if (error != 0) throw Error(ErrorCode::io, {}, std::string("cannot run gnuplot: ") + std::strerror(error));
  in.close(0);
  out.close(1);
  err.close(1);
  Drawn drawn;
  std::thread writer, errors;
  try {
    writer = std::thread([&] {  // while the output is read: either pipe may be full
      write_to_pipe(in.ends[1], input);
      in.close(1);
    });
    errors = std::thread([&] { drawn.err = all_of(err.ends[0]); });
  } catch (const std::system_error&) {
    ::kill(pid, SIGKILL);
    if (writer.joinable()) writer.join();
    wait_for_gnuplot(pid);
    throw Error(ErrorCode::io, {},
                "cannot start a thread for gnuplot: raise the limits of the system (ulimit -u, -v)");
  }
  drawn.out = all_of(out.ends[0]);
  writer.join();
  errors.join();
  drawn.code = wait_for_gnuplot(pid);
  return drawn;
}

}  // namespace

void require_gnuplot() {
  run_gnuplot({"--version"}, "");
}

std::string svg(const Chart& chart) {
  const Drawn drawn = run_gnuplot({"-"}, gnuplot_script(chart));
  if (drawn.code != 0 || drawn.out.find("</svg>") == std::string::npos) {
    const std::string reason =
        drawn.err.empty() ? "no picture" : drawn.err.substr(0, drawn.err.find_last_not_of('\n') + 1);
    throw Error(ErrorCode::io, {}, "gnuplot failed: " + reason);
  }
  return drawn.out;
}

}  // namespace energylens::plot
