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

/// Environment variable that marks every process that a campaign starts, and their children.
inline constexpr const char* kMarkVariable = "ENERGYLENS_CAMPAIGN";
/// The identity of the campaign's folder.
inline constexpr const char* kFolderVariable = "ENERGYLENS_CAMPAIGN_FOLDER";

struct ProcessOptions {
  std::vector<std::string> words;                                ///< program and arguments; no shell
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to ours
  std::string log;                    ///< gets standard error, and standard output too unless `talk`
  std::size_t log_bytes = 64u << 20;  ///< the rest is dropped
  std::string secret;                 ///< replaced by "[key]" in the log; may be empty
  bool talk = false;                  ///< standard input and output are pipes to us
};

/// A program in a process group of its own, with its output in a log. The kernel sends it SIGTERM when the
/// thread that started it ends for any reason.
class Process {
 public:
  static constexpr std::size_t kLongestLine = 1u << 20;  ///< bytes
  /// Throws Error (io) if it cannot be started.
  explicit Process(const ProcessOptions& options);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  ///< stops it at once

  bool running();
  /// "ended with exit code 1" or "was ended by signal 9". On return its last output is in the log. Requires:
  /// not running.
  std::string end_text() const;
  bool succeeded() const { return ended_ && status_ == 0; }
  /// Sends SIGTERM to the group, and SIGKILL to what is left of it after `patience_s`.
  void stop(double patience_s);

  /// Sends SIGTERM to the group, without waiting. Safe from any thread.
  void terminate() const { ::kill(-pid_, SIGTERM); }

  /// With `talk`: sends a line; false if the program no longer reads.
  bool send_line(const std::string& line);
  /// With `talk`: the next line without its line end. Nothing if none arrives within `timeout_s` (0: if none
  /// is there), at the end of the output, or for a line of more than `most` bytes.
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
  std::atomic<unsigned> log_pauses_{0};  ///< number of times that no output arrived for a while
  std::thread copying_;
};

/// Kills all orphaned processes that a killed campaign left: those with `mark` in kMarkVariable and `folder` in
/// kFolderVariable, if they have that, except this process. Returns their number. A copy of a campaign has its mark, but
/// the servers of the original are not its orphans.
std::size_t kill_orphans_of(const std::string& mark, const std::string& folder = {});

/// The last line of a log, cut to one readable line; empty if there is none.
std::string last_line_of(const std::string& log);

/// What a program printed, and how it ended.
struct ProgramOutput {
  std::string text;
  bool succeeded = false;
};
/// Runs a program for at most `timeout_s` between two lines of output. Empty if it cannot be started.
ProgramOutput output_of(const std::vector<std::string>& words, double timeout_s = 5,
                        const std::string& log = "/dev/null");

/// A TCP port of this machine that is not in use.
int free_port();

}  // namespace energylens::campaign
