// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <signal.h>
#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace energylens::campaign {

/// Marks every process that a campaign starts, and those that they start.
inline constexpr const char* kMarkVariable = "ENERGYLENS_CAMPAIGN";

struct ProcessOptions {
  std::vector<std::string> words;                                ///< program and arguments; no shell
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to ours
  std::string log;                    ///< gets standard error, and standard output too unless `talk`
  std::size_t log_bytes = 64u << 20;  ///< what goes beyond is dropped
  std::string secret;                 ///< replaced by "[key]" wherever it would be logged; may be empty
  bool talk = false;                  ///< standard input and output are pipes to us
};

/// A program in a process group of its own, with its output in a log. It is told to end (SIGTERM) when the
/// thread that started it dies, however that happens.
class Process {
 public:
  static constexpr std::size_t kLongestLine = 1u << 20;  ///< bytes
  /// Throws Error (io) if it cannot be started.
  explicit Process(const ProcessOptions& options);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  ///< stops with no patience

  bool running();
  /// "ended with exit code 1" or "was ended by signal 9"; what it wrote last is in the log then. Requires:
  /// not running.
  std::string end_text() const;
  bool ended_well() const { return ended_ && status_ == 0; }
  /// SIGTERM to the group, SIGKILL after `patience_s`, and whatever is left of the group is killed too.
  void stop(double patience_s);

  /// SIGTERM to the group, without waiting. Safe from any thread.
  void ask_to_end() const { ::kill(-pid_, SIGTERM); }

  /// With `talk`: sends a line; false if it does not listen any more.
  bool send_line(const std::string& line);
  /// With `talk`: the next line without its end; nothing after `timeout_s` (0: if none waits), at the end, or
  /// beyond `most` bytes.
  std::optional<std::string> receive_line(double timeout_s, std::size_t most = kLongestLine);
  bool line_is_too_long() const { return received_.size() > kLongestLine; }

 private:
  void copy_log(int from, std::string path, std::size_t most, std::string secret);
  void await_log() const;

  pid_t pid_ = -1;
  bool ended_ = false;
  int status_ = 0;
  int in_ = -1, out_ = -1;
  std::string received_;
  std::atomic<bool> stop_copying_{false}, copied_{false};
  std::atomic<unsigned> log_pauses_{0};  ///< how often nothing came for a while
  std::thread copying_;
};

/// Kills whatever process has `mark` as its kMarkVariable, but for this one: what a killed campaign left.
/// Returns how many.
std::size_t kill_marked(const std::string& mark);

/// The last line of a log, cut to one readable line; empty if there is none.
std::string last_line_of(const std::string& log);

/// What a program prints within so many seconds and how it ended; nothing if it cannot be had.
struct ProgramOutput {
  std::string text;
  bool succeeded = false;
};
ProgramOutput output_of(const std::vector<std::string>& words, double timeout_s = 5,
                        const std::string& log = "/dev/null");

/// A port on this machine that nobody listens on.
int free_port();

}  // namespace energylens::campaign
