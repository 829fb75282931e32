// SPDX-License-Identifier: Apache-2.0
#include "core/file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

#include "energylens/core/error.hpp"
#include "temporary_folder.hpp"

namespace energylens {
namespace {

namespace fs = std::filesystem;

std::string refusal_of_write(const std::string& path, std::string_view content) {
  try {
    write_file(path, content);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    return error.what();
  }
  return "written";
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(File, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  const std::string path = folder / "table.csv";
  const std::string content = std::string("a,b\r\n\0\xff", 7) + std::string(1 << 19, 'x');
  write_file(path, content);
  EXPECT_EQ(read_file(path), content);
  write_file(path, "");
  EXPECT_EQ(read_file(path), "");
  EXPECT_EQ(files_in(folder.path()), 1u);
}

TEST(File, ReadsWhatIsNoRegularFile) {
  EXPECT_EQ(read_file("/dev/null"), "");
}

TEST(File, RemovesWhatAKilledWriteLeftAndNothingElse) {
  const TemporaryFolder folder;
  for (const char* name : {"rows.csv", "rows.csv.part12", "a.part7", "a.part", "b.part7x", ".part7", "part7"})
    write_file(folder / name, "x");
  EXPECT_EQ(remove_unfinished(folder.path().string()), 2u);
  EXPECT_EQ(files_in(folder.path()), 5u);
  EXPECT_TRUE(fs::exists(folder / "rows.csv"));
  EXPECT_FALSE(fs::exists(folder / "a.part7"));
  EXPECT_EQ(remove_unfinished(folder / "absent"), 0u);
}

TEST(File, RemovesOnlyWhatWasToBeAFileOfThoseNames) {
  const TemporaryFolder folder;
  for (const char* name : {"rows.csv.part12", "backup.tar.part1", "rows.csv"}) write_file(folder / name, "x");
  const std::string_view ours[] = {"rows.csv"};
  EXPECT_EQ(remove_unfinished(folder.path().string(), ours), 1u);
  EXPECT_TRUE(fs::exists(folder / "backup.tar.part1"));
}

TEST(File, KeepsThePermissionsOfTheFileThatIsReplaced) {
  const TemporaryFolder folder;
  const std::string path = folder / "journal";
  for (const fs::perms kept :
       {fs::perms::owner_read | fs::perms::owner_write, fs::perms::owner_all, fs::perms(0664)}) {
    write_file(path, "old");
    fs::permissions(path, kept);
    write_file(path, "new");
    EXPECT_EQ(fs::status(path).permissions(), kept);
    fs::remove(path);
  }
}

TEST(File, ALinkIsReplacedAndNotFollowed) {
  const TemporaryFolder folder;
  write_file(folder / "victim", "kept");
  fs::create_symlink("victim", folder / "out");
  write_file(folder / "out", "new");
  EXPECT_EQ(read_file(folder / "victim"), "kept");
  EXPECT_EQ(read_file(folder / "out"), "new");
  fs::create_symlink("absent", folder / "dangling");
  write_file(folder / "dangling", "new");
  EXPECT_FALSE(fs::exists(folder / "absent"));
}

/// Whoever may write into the folder knows the number of the process.
TEST(File, ATemporaryFileIsNotThatOfSomebodyElse) {
  const TemporaryFolder folder;
  write_file(folder / "victim", "kept");
  const std::string guessed = folder / "out.part" + std::to_string(::getpid());
  fs::create_symlink("victim", guessed);
  write_file(folder / "out", "new");
  check_writable(folder / "out");
  EXPECT_EQ(read_file(folder / "victim"), "kept");
  EXPECT_EQ(read_file(folder / "out"), "new");
  EXPECT_TRUE(fs::is_symlink(guessed));
}

TEST(File, AStreamIsWrittenToAndNotReplaced) {
  const TemporaryFolder folder;
  const int file = ::open((folder / "stream").c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_GE(file, 0);
  for (const std::string from : {"/dev/fd/", "/proc/self/fd/"}) write_file(from + std::to_string(file), "x");
  ::close(file);
  EXPECT_EQ(read_file(folder / "stream"), "xx");
  EXPECT_THROW(write_file("/dev/fd/" + std::to_string(file), "x"), Error);
  EXPECT_THROW(check_writable("/dev/fd/" + std::to_string(file)), Error);
}

TEST(File, SeveralAreWrittenTogetherOrNotAtAll) {
  const TemporaryFolder folder;
  write_files(std::vector<FileContent>{{folder / "a", "1"}, {folder / "b", "2"}});
  EXPECT_EQ(read_file(folder / "a") + read_file(folder / "b"), "12");
  for (const std::string& last : {folder / "no_such/c", folder.path().string()}) {
    EXPECT_THROW(write_files(std::vector<FileContent>{{folder / "a", "3"}, {folder / "b", "4"}, {last, "5"}}),
                 Error);
    EXPECT_EQ(read_file(folder / "a") + read_file(folder / "b"), "12");
  }
  EXPECT_EQ(files_in(folder.path()), 2u);
}

TEST(File, RefusesToReadWhatIsNotThere) {
  const TemporaryFolder folder;
  try {
    read_file(folder / "absent.csv");
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    EXPECT_EQ(error.what(), folder / "absent.csv" + std::string(": cannot read: No such file or directory"));
  }
  EXPECT_THROW(read_file(folder.path().string()), Error);
}

TEST(File, SaysWhenTheDeviceIsFull) {
  EXPECT_EQ(refusal_of_write("/dev/full", "x"), "/dev/full: cannot write: No space left on device");
}

TEST(File, SaysWhenTheFolderDoesNotTakeIt) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal_of_write(folder / "no_such/out.json", "x"),
              testing::EndsWith("No such file or directory"));
  write_file(folder / "file", "x");
  EXPECT_THAT(refusal_of_write(folder / "file/out.json", "x"), testing::EndsWith("Not a directory"));
  EXPECT_THAT(refusal_of_write(folder.path().string(), "x"), testing::EndsWith("Is a directory"));
}

TEST(File, TellsBeforehandWhatCannotBeWrittenAndLeavesNoTrace) {
  const TemporaryFolder folder;
  write_file(folder / "file", "x");
  for (const std::string& path :
       {folder / "no_such/out.json", folder / "file/out.json", folder.path().string()}) {
    EXPECT_THAT([&] { check_writable(path); },
                testing::ThrowsMessage<Error>(testing::StrEq(refusal_of_write(path, "x"))));
  }
  for (const std::string& path :
       {folder / "new", folder / "file", std::string("-"), std::string("/dev/null")})
    EXPECT_NO_THROW(check_writable(path)) << path;
  EXPECT_EQ(read_file(folder / "file"), "x");
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
}

TEST(File, ReplacesAnOlderFileWhole) {
  const TemporaryFolder folder;
  write_file(folder / "model.json", "a longer older text");
  write_file(folder / "model.json", "new");
  EXPECT_EQ(read_file(folder / "model.json"), "new");
}

/// Limits the size of files that this process may write; a write beyond fails as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

TEST(File, KeepsTheOlderFileWhenWritingFailsHalfWay) {
  const TemporaryFolder folder;
  write_file(folder / "model.json", "older");
  {
    const FileSizeLimit limit(4096);
    EXPECT_THAT(refusal_of_write(folder / "model.json", std::string(100000, 'x')),
                testing::HasSubstr("cannot write"));
  }
  EXPECT_EQ(read_file(folder / "model.json"), "older");
  EXPECT_EQ(files_in(folder.path()), 1u);
}

}  // namespace
}  // namespace energylens
