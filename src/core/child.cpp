// SPDX-License-Identifier: Apache-2.0
// Another program as a function of text: it reads its input from a pipe and writes its output to two others, so that no
// file is left behind in any case. Held by child_test.cpp.
#include "core/child.hpp"

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

#include "core/pipe.hpp"
#include "energylens/core/error.hpp"

extern char** environ;

namespace energylens {
namespace {

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

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ChildResult run_child(const std::vector<std::string>& command, std::string_view input,
                      std::string_view missing) {
  Pipe in, out, err;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  ::posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, words.front(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) throw Error(ErrorCode::io, {}, std::string(missing));
  if (error != 0)
    throw Error(ErrorCode::io, {}, "cannot run " + command.front() + ": " + std::strerror(error));
  in.close(0);
  out.close(1);
  err.close(1);
  ChildResult result;
  std::thread writer, errors;
  try {
    writer = std::thread([&] {  // while the output is read: either pipe may be full
      write_to_pipe(in.ends[1], input);
      in.close(1);
    });
    errors = std::thread([&] { result.err = all_of(err.ends[0]); });
  } catch (const std::system_error&) {
    ::kill(pid, SIGKILL);
    if (writer.joinable()) writer.join();
    wait_for(pid);
    throw Error(
        ErrorCode::io, {},
        "cannot start a thread for " + command.front() + ": raise the limits of the system (ulimit -u, -v)");
  }
  result.out = all_of(out.ends[0]);
  writer.join();
  errors.join();
  result.code = wait_for(pid);
  return result;
}

}  // namespace energylens
