// SPDX-License-Identifier: Apache-2.0
// fork and exec, because a child must ask the kernel for a signal at our death (PR_SET_PDEATHSIG) before it
// becomes the program. The log goes through a pipe and a thread of ours, which bounds it and removes API keys.
// Other processes live by real time, so no clock is taken. Held by process_test.cpp.
#include "campaign/serving/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <system_error>

#include "core/pipe.hpp"
#include "energylens/core/clock.hpp"
#include "energylens/core/error.hpp"

extern char** environ;

namespace energylens::campaign {
namespace {

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Error(ErrorCode::io, {}, std::string("cannot create a pipe: ") + std::strerror(errno));
    read = ends[0], write = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
  }
  static int give(int& end) { return std::exchange(end, -1); }
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    bool replaced = false;
    for (const auto& [name, value] : added) replaced = replaced || text.starts_with(name + '=');
    if (!replaced) all.emplace_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + '=' + value);
  return all;
}

/// In the child, where only plain system calls are allowed.
[[noreturn]] void become(char* const* words, char* const* environment, const std::array<int, 3>& streams,
                         int failure, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int i = 0; i < 3; ++i) ::dup2(streams[static_cast<std::size_t>(i)], i);
  ::execvpe(words[0], words, environment);
  const int error = errno;
  [[maybe_unused]] const ssize_t n = ::write(failure, &error, sizeof error);
  ::_exit(127);
}

/// Waits until the child is the program; throws if that failed.
void await_exec(int failure, pid_t pid, const std::string& program) {
  int error = 0;
  ssize_t n = 0;
  do {
    n = ::read(failure, &error, sizeof error);
  } while (n < 0 && errno == EINTR);
  if (n != static_cast<ssize_t>(sizeof error)) return;
  ::waitpid(pid, nullptr, 0);
  throw Error(ErrorCode::io, {}, "cannot run \"" + program + "\": " + std::strerror(error));
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  if (from.empty()) return;
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
}

}  // namespace

Process::Process(const ProcessOptions& options) {
  Pipe log, failure, in, out;
  std::vector<std::string> environment = environment_with(options.environment);
  const std::vector<char*> words = pointers(options.words), variables = pointers(environment);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const std::array<int, 3> streams = {options.talk ? in.read : nothing, options.talk ? out.write : log.write,
                                      log.write};
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(words.data(), variables.data(), streams, failure.write, parent);
  ::close(nothing);
  if (pid_ < 0)
    throw Error(ErrorCode::io, {}, std::string("cannot start a process: ") + std::strerror(errno));
  ::setpgid(pid_, pid_);
  ::close(Pipe::give(failure.write));
  await_exec(failure.read, pid_, options.words.front());
  if (options.talk) in_ = Pipe::give(in.write), out_ = Pipe::give(out.read);
  try {
    copying_ =
        std::thread(&Process::copy_log, this, log.read, options.log, options.log_bytes, options.secret);
  } catch (const std::system_error&) {  // nobody would stop the child
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    for (const int end : {in_, out_}) {
      if (end >= 0) ::close(end);
    }
    throw Error(ErrorCode::io, {},
                "cannot start a thread for the log: raise the limits of the system (ulimit -u, -v)");
  }
  Pipe::give(log.read);
}

Process::~Process() {
  stop(0);
}

bool Process::running() {
  if (ended_) return false;
  const pid_t got = ::waitpid(pid_, &status_, WNOHANG);
  ended_ = got == pid_ || (got < 0 && errno == ECHILD);
  return !ended_;
}

/// The log is complete when its pipe has ended. Processes that it started may hold the pipe open; then it is
/// complete when nothing arrived for two pauses: the first may have started before the last output.
void Process::await_log() const {
  const unsigned before = log_pauses_;
  const double end_s = real_clock().steady_now_s() + 2;
  while (!copied_ && log_pauses_ < before + 2 && real_clock().steady_now_s() < end_s)
    real_clock().sleep(0.002);
}

std::string Process::end_text() const {
  await_log();
  if (WIFEXITED(status_)) return "ended with exit code " + std::to_string(WEXITSTATUS(status_));
  return "was ended by signal " + std::to_string(WTERMSIG(status_));
}

void Process::stop(double patience_s) {
  if (in_ >= 0) ::close(std::exchange(in_, -1));
  if (running()) ::kill(-pid_, SIGTERM);
  for (const double end_s = real_clock().steady_now_s() + patience_s;
       running() && real_clock().steady_now_s() < end_s;)
    real_clock().sleep(0.01);
  // A group outlives its leader, and the kernel does not reuse its number meanwhile.
  if (copying_.joinable()) ::kill(-pid_, SIGKILL);
  while (running()) real_clock().sleep(0.002);
  stop_copying_ = true;
  if (copying_.joinable()) copying_.join();
  if (out_ >= 0) ::close(std::exchange(out_, -1));
}

void Process::copy_log(int from, std::string path, std::size_t most, std::string secret) {
  const int to = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  std::string line;
  std::size_t written = 0;
  const auto flush = [&](std::size_t keep) {
    replace_all(line, secret, "[key]");
    if (line.size() <= keep) return;
    const std::size_t size = line.size() - keep;
    if (written < most && to >= 0)
      written += static_cast<std::size_t>(std::max<ssize_t>(::write(to, line.data(), size), 0));
    line.erase(0, size);
  };
  std::array<char, 1 << 14> buffer{};
  for (;;) {
    pollfd waiting{from, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, 50);
    if (ready == 0 && stop_copying_) break;
    if (ready == 0) ++log_pauses_;
    if (ready <= 0) continue;
    const ssize_t n = ::read(from, buffer.data(), buffer.size());
    if (n == 0 || (n < 0 && errno != EINTR)) break;
    line.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    // The pipe may cut a key in two: the last bytes, as many as a key has, wait for the rest.
    flush(line.ends_with('\n') || secret.empty() ? 0 : secret.size());
  }
  flush(0);
  if (to >= 0) ::close(to);
  ::close(from);
  copied_ = true;
}

bool Process::send_line(const std::string& line) {
  return write_to_pipe(in_, line + '\n');
}

std::optional<std::string> Process::receive_line(double timeout_s, std::size_t most) {
  std::array<char, 4096> buffer{};
  for (const double end_s = real_clock().steady_now_s() + timeout_s;;) {
    if (const std::size_t end = received_.find('\n'); end != received_.npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    const double left_s = std::max(0.0, end_s - real_clock().steady_now_s());
    if (received_.size() > most) return std::nullopt;
    pollfd waiting{out_, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::ceil(std::min(left_s, 1.0) * 1000)));
    if (ready <= 0 && left_s == 0) return std::nullopt;
    if (ready <= 0) continue;
    const ssize_t n = ::read(out_, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    received_.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace energylens::campaign
