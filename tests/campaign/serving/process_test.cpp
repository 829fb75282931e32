// SPDX-License-Identifier: Apache-2.0
#include "campaign/serving/process.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>

#include "core/file.hpp"
#include "energylens/core/clock.hpp"
#include "energylens/core/error.hpp"
#include "temporary_folder.hpp"

namespace energylens::campaign {
namespace {

using testing::HasSubstr;
using testing::Not;

ProcessOptions shell(const std::string& script, const TemporaryFolder& folder) {
  ProcessOptions options;
  options.words = {"/bin/sh", "-c", script};
  options.log = folder / "log";
  return options;
}

/// Waits for an event of another process; a minute only guards against waiting for ever.
bool await(const std::function<bool()>& event) {
  Clock& clock = real_clock();
  for (const double end_s = clock.steady_now_s() + 60; clock.steady_now_s() < end_s; clock.sleep(0.002))
    if (event()) return true;
  return false;
}

void await_end(Process& process) {
  await([&] { return !process.running(); });
}

/// True once the process is gone, or dead and waiting to be collected by whoever adopted it.
bool gone(pid_t pid) {
  return await([&] {
    try {
      const std::string text = read_file("/proc/" + std::to_string(pid) + "/stat");
      return text.substr(text.rfind(')') + 2, 1) == "Z";
    } catch (const Error&) {
      return true;
    }
  });
}

pid_t await_pid(const std::string& file) {
  pid_t pid = 0;
  await([&] {
    try {
      if (const std::string text = read_file(file); text.ends_with('\n')) pid = std::stoi(text);
    } catch (const Error&) {
    }
    return pid != 0;
  });
  return pid;
}

TEST(Process, LogsBothStreamsAndTellsHowItEnded) {
  const TemporaryFolder folder;
  Process process(shell("echo out; echo err >&2; exit 3", folder));
  await_end(process);
  EXPECT_FALSE(process.running());
  EXPECT_EQ(process.end_text(), "ended with exit code 3");
  process.stop(1);
  EXPECT_THAT(read_file(folder / "log"), testing::AllOf(HasSubstr("out\n"), HasSubstr("err\n")));
  EXPECT_EQ(last_line_of(folder / "log"), "err");
}

TEST(Process, ItsLastWordsAreInTheLogWhenItsEndIsTold) {
  const TemporaryFolder folder;
  for (const char* lines : {"seq 20000; echo last words; exit 1",
                            "sleep 60 & seq 20000; echo last words; exit 1"}) {  // which holds the pipe
    for (int i = 0; i < 5; ++i) {
      Process process(shell(lines, folder));
      await_end(process);
      EXPECT_EQ(process.end_text(), "ended with exit code 1");
      EXPECT_EQ(last_line_of(folder / "log"), "last words");
      std::filesystem::remove(folder / "log");
    }
  }
}

TEST(Process, StartsWithSignalsAsAShellLeavesThem) {
  const TemporaryFolder folder;
  for (const int signal : {SIGPIPE, SIGXFSZ}) {
    const auto before = std::signal(signal, SIG_IGN);
    Process process(shell("kill -" + std::to_string(signal) + " $$", folder));
    std::signal(signal, before);
    await_end(process);
    EXPECT_EQ(process.end_text(), "was ended by signal " + std::to_string(signal));
  }
}

TEST(Process, AProgramThatIsNotThereIsAnError) {
  const TemporaryFolder folder;
  ProcessOptions options;
  options.words = {"no-such-program"};
  options.log = folder / "log";
  EXPECT_THROW(Process process(options), Error);
}

TEST(Process, StoppingEndsTheWholeGroup) {
  const TemporaryFolder folder;
  Process process(
      shell("sh -c 'trap \"\" TERM; echo $$ >" + (folder / "pid") + "; while :; do sleep 0.02; done' & wait",
            folder));
  const pid_t inner = await_pid(folder / "pid");
  ASSERT_GT(inner, 0);
  process.stop(0.2);
  EXPECT_FALSE(process.running());
  EXPECT_TRUE(gone(inner));
}

TEST(Process, OneThatWasToldToEndMayTidyUp) {
  const TemporaryFolder folder;
  Process process(
      shell("trap 'echo tidy; exit 0' TERM; echo 1 >" + (folder / "pid") + "; while :; do sleep 0.01; done",
            folder));
  await_pid(folder / "pid");
  process.stop(3);
  EXPECT_EQ(process.end_text(), "ended with exit code 0");
  EXPECT_THAT(read_file(folder / "log"), HasSubstr("tidy"));
}

TEST(Process, AKeyDoesNotReachTheLog) {
  const TemporaryFolder folder;
  ProcessOptions options =
      shell("printf 'key=sk-sec'; sleep 0.05; printf 'ret-1 and sk-secret-1\\n'", folder);
  options.secret = "sk-secret-1";
  Process process(options);
  await_end(process);
  process.stop(1);
  EXPECT_EQ(read_file(folder / "log"), "key=[key] and [key]\n");
}

TEST(Process, TheLogIsBounded) {
  const TemporaryFolder folder;
  ProcessOptions options = shell("yes | head -c 1000000", folder);
  options.log_bytes = 10000;
  Process process(options);
  await_end(process);
  process.stop(1);
  EXPECT_LE(read_file(folder / "log").size(), 10000u + (1u << 14));
}

TEST(Process, TalksInLines) {
  const TemporaryFolder folder;
  ProcessOptions options = shell("while read line; do echo \"got $line\"; done", folder);
  options.talk = true;
  Process process(options);
  ASSERT_TRUE(process.send_line("one"));
  EXPECT_EQ(process.receive_line(5), "got one");
  EXPECT_EQ(process.receive_line(0.02), std::nullopt);
  process.stop(1);
}

/// Killed by force, the parent cannot tell anybody: the kernel does, and the mark finds what is left.
TEST(Process, OfAParentThatWasKilledIsToldToEndAndFoundByItsMark) {
  const TemporaryFolder folder;
  const std::string mark = "test-" + std::to_string(::getpid());
  const pid_t parent = ::fork();
  if (parent == 0) {
    ProcessOptions options = shell("sh -c 'echo $$ >" + (folder / "orphan") +
                                       "; trap \"\" TERM; while :; do sleep 0.02; done' & echo $$ >" +
                                       (folder / "server") + "; exec sleep 100",
                                   folder);
    options.environment = {{kMarkVariable, mark}};
    const Process process(options);
    real_clock().sleep(100);
    ::_exit(0);
  }
  const pid_t server = await_pid(folder / "server"), orphan = await_pid(folder / "orphan");
  ASSERT_GT(server, 0);
  ASSERT_GT(orphan, 0);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  EXPECT_TRUE(gone(server));
  EXPECT_GE(kill_orphans_of(mark), 1u);
  EXPECT_TRUE(gone(orphan));
  EXPECT_EQ(kill_orphans_of("no-such-mark"), 0u);
}

}  // namespace
}  // namespace energylens::campaign
