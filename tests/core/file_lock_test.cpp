// SPDX-License-Identifier: Apache-2.0
#include "core/file_lock.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "energylens/core/error.hpp"
#include "temporary_folder.hpp"

namespace energylens {
namespace {

class FileLocks : public testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::string path_ = folder_ / "lock";
};

TEST_F(FileLocks, OneAtATime) {
  {
    const std::optional<FileLock> one = FileLock::take(path_);
    ASSERT_TRUE(one);
    EXPECT_FALSE(FileLock::take(path_));
  }
  std::optional<FileLock> again = FileLock::take(path_);
  ASSERT_TRUE(again);
  const FileLock moved = *std::move(again);
  again.reset();
  EXPECT_FALSE(FileLock::take(path_)) << "the lock moved";
}

TEST_F(FileLocks, AProcessThatEndsLeavesNone) {
  const pid_t child = ::fork();
  if (child == 0) {
    const std::optional<FileLock> held = FileLock::take(path_);
    ::_exit(held ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(FileLock::take(path_));
}

TEST_F(FileLocks, ALinkIsNotFollowed) {
  std::filesystem::create_symlink(folder_ / "elsewhere", path_);
  EXPECT_THROW(FileLock::take(path_), Error);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "elsewhere"));
}

}  // namespace
}  // namespace energylens
