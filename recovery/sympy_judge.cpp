// SPDX-License-Identifier: Apache-2.0
// sympy_judge.cpp: python3 -c SCRIPT behind two pipes; a line is a question, a line is the answer. The script
// limits the time of each question itself; we wait a little longer, then give the child up. Held by
// tests/recovery/judge_test.cpp.
#include "recovery/sympy_judge.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>

#include "core/pipe.hpp"
#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"
#include "recovery/judge_script.hpp"

namespace energylens::recovery {
namespace {

using io::Json;

constexpr double kSeconds = 20;
constexpr int kPatienceMs = 60000;
constexpr const char* kPython = "python3";

}  // namespace

SymPyJudge::~SymPyJudge() {
  if (to_ >= 0) close(to_);
  if (from_ >= 0) close(from_);
  if (child_ > 0) waitpid(child_, nullptr, 0);
}

void SymPyJudge::start() {
  started_ = true;
  int down[2], up[2];
  if (pipe(down) != 0) return;
  if (pipe(up) != 0) {
    close(down[0]);
    close(down[1]);
    return;
  }
  child_ = fork();
  if (child_ == 0) {
    dup2(down[0], STDIN_FILENO);
    dup2(up[1], STDOUT_FILENO);
    for (const int end : {down[0], down[1], up[0], up[1]}) close(end);
    if (!freopen("/dev/null", "w", stderr)) _exit(127);
    execlp(kPython, kPython, "-c", kJudgeScript, static_cast<char*>(nullptr));
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  to_ = down[1];
  from_ = up[0];
}

/// The answer, empty if none came.
std::string SymPyJudge::ask(const std::string& line) {
  if (!write_to_pipe(to_, line)) return {};
  std::string answer;
  while (answer.empty() || answer.back() != '\n') {
    pollfd wait{from_, POLLIN, 0};
    const int ready = poll(&wait, 1, kPatienceMs);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      kill(child_, SIGKILL);
      return {};
    }
    char part[4096];
    const ssize_t n = read(from_, part, sizeof part);
    if (n <= 0) return {};
    answer.append(part, static_cast<std::size_t>(n));
  }
  return answer;
}

Judgement SymPyJudge::judge(const std::string& truth, const std::string& found,
                            const std::vector<std::string>& positive, const std::vector<std::string>& real) {
  if (!started_) start();
  if (to_ < 0) return {std::nullopt, "python3 with SymPy is absent"};
  const Json question = Json::object({{"truth", truth},
                                      {"found", found},
                                      {"positive", Json::array_of(positive)},
                                      {"real", Json::array_of(real)},
                                      {"seconds", kSeconds}});
  const std::string answer = ask(io::print_json(question, 0) + '\n');
  if (answer.empty()) {
    close(to_);
    to_ = -1;
    return {std::nullopt, "python3 with SymPy is absent"};
  }
  const Json json = io::parse_json(answer, "judge");
  const Json& same = json.at("same");
  return {same.is_null() ? std::nullopt : std::optional<bool>(same.as_boolean()), json.text("why")};
}

}  // namespace energylens::recovery
