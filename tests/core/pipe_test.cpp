// SPDX-License-Identifier: Apache-2.0
#include "core/pipe.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

namespace energylens {
namespace {

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  return ends;
}

TEST(WriteToPipe, WritesMoreThanThePipeHolds) {
  const auto [reader, writer] = make_pipe();
  const std::string sent(1 << 20, 'x');
  std::string received;
  std::jthread reading([&, from = reader] {
    std::array<char, 4096> part{};
    for (ssize_t n; (n = ::read(from, part.data(), part.size())) > 0;)
      received.append(part.data(), static_cast<std::size_t>(n));
  });
  EXPECT_TRUE(write_to_pipe(writer, sent));
  ::close(writer);
  reading.join();
  ::close(reader);
  EXPECT_EQ(received, sent);
}

TEST(WriteToPipe, AReaderThatIsGoneIsAnAnswerAndNoSignal) {
  struct sigaction before {
  }, fatal{};
  fatal.sa_handler = SIG_DFL;  // as in a program that has not ignored it
  ASSERT_EQ(::sigaction(SIGPIPE, &fatal, &before), 0);
  const auto [reader, writer] = make_pipe();
  ::close(reader);
  EXPECT_FALSE(write_to_pipe(writer, "question\n"));
  EXPECT_FALSE(write_to_pipe(writer, "question\n")) << "and again";
  ::close(writer);
  sigset_t pending, blocked;
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
  EXPECT_EQ(sigismember(&blocked, SIGPIPE), 0);
  ::sigaction(SIGPIPE, &before, nullptr);
}

TEST(WriteToPipe, ASignalThatWaitedBeforeIsLeft) {
  sigset_t sigpipe, before, pending;
  sigemptyset(&sigpipe);
  sigaddset(&sigpipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
  ::raise(SIGPIPE);
  const auto [reader, writer] = make_pipe();
  ::close(reader);
  EXPECT_FALSE(write_to_pipe(writer, "x"));
  ::close(writer);
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 1);
  const timespec at_once{};
  sigtimedwait(&sigpipe, nullptr, &at_once);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
}  // namespace energylens
