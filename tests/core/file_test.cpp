// SPDX-License-Identifier: Apache-2.0
#include "core/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

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
