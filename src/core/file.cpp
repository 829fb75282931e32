// SPDX-License-Identifier: Apache-2.0
#include "core/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens {
namespace {

std::string reason() {
  return std::strerror(errno);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ > 2) ::close(fd_);
  }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

void write_directly(const std::string& path, int fd, std::string_view content) {
  if (!write_all(fd, content)) throw Error::cannot_write(path, reason());
}

bool is_special_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

/// The descriptor of an open stream that the path names, such as /dev/stdout: its file is not to be replaced.
std::optional<int> stream_of(std::string_view path) {
  if (path == "-" || path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    const std::optional<double> number = parse_number(path.substr(folder.size()));
    if (number && *number >= 0 && *number <= 1e6) return static_cast<int>(*number);
  }
  return std::nullopt;
}

constexpr std::string_view kUnfinished = ".part";  // then a random number

/// The name of the file that was to be; nothing for another file.
std::optional<std::string_view> name_of_unfinished(std::string_view name) {
  const std::size_t mark = name.rfind(kUnfinished);
  if (mark == name.npos || mark == 0) return std::nullopt;
  const std::string_view number = name.substr(mark + kUnfinished.size());
  if (number.empty() || number.find_first_not_of("0123456789") != number.npos) return std::nullopt;
  return name.substr(0, mark);
}

/// A file next to the one that is to be written: new, so that nobody can have put a link or a file of his there before.
class FileBeside {
 public:
  explicit FileBeside(std::string path) : path_(std::move(path)) {
    if (std::error_code none; std::filesystem::is_directory(path_, none))
      throw Error::cannot_write(path_, std::strerror(EISDIR));
    std::random_device random;
    for (int attempt = 0; attempt < 100 && file_ < 0; ++attempt) {
      beside_ = path_ + std::string(kUnfinished) + std::to_string(random()) + std::to_string(random());
      file_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
      if (file_ < 0 && errno != EEXIST) break;
    }
    if (file_ < 0) throw Error::cannot_write(path_, reason());
    keep_owner_and_mode();
  }
  FileBeside(FileBeside&& other) noexcept
      : path_(std::move(other.path_)),
        beside_(std::exchange(other.beside_, std::string())),
        file_(std::exchange(other.file_, -1)) {}
  FileBeside(const FileBeside&) = delete;
  FileBeside& operator=(const FileBeside&) = delete;
  ~FileBeside() {
    close_file();
    if (!beside_.empty()) ::unlink(beside_.c_str());
  }

  void write(std::string_view content) {
    if (!write_all(file_, content) || ::fsync(file_) != 0) throw Error::cannot_write(path_, reason());
    close_file();
  }
  void rename() {
    if (::rename(beside_.c_str(), path_.c_str()) != 0) throw Error::cannot_write(path_, reason());
    beside_.clear();
  }

 private:
  /// Those of the file that is replaced: a file that only its owner may read stays one.
  void keep_owner_and_mode() const {
    struct stat before {};
    if (::lstat(path_.c_str(), &before) != 0 || !S_ISREG(before.st_mode)) return;
    ::fchmod(file_, before.st_mode & 0777);
    if (::fchown(file_, before.st_uid, before.st_gid) != 0) errno = 0;  // of another owner: it becomes ours
  }
  void close_file() {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
  }

  std::string path_, beside_;
  int file_ = -1;
};

}  // namespace

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(file, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string read_file(const std::string& path) {
  const Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) throw Error::cannot_read(path, reason());
  std::string content;
  struct stat status {};
  if (::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode)) {
    content.reserve(static_cast<std::size_t>(status.st_size));
  }
  constexpr std::size_t kChunk = 1 << 18;
  for (;;) {
    const std::size_t size = content.size();
    content.resize(size + kChunk);
    const ssize_t n = ::read(file.get(), content.data() + size, kChunk);
    content.resize(size + static_cast<std::size_t>(n > 0 ? n : 0));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error::cannot_read(path, reason());
    if (n == 0) return content;
  }
}

void write_file(const std::string& path, std::string_view content) {
  if (const std::optional<int> stream = stream_of(path)) {
    write_directly(path == "-" ? "standard output" : path, *stream, content);
  } else if (is_special_file(path)) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.valid()) throw Error::cannot_write(path, reason());
    write_directly(path, file.get(), content);
  } else {
    FileBeside beside(path);
    beside.write(content);
    beside.rename();
  }
}

void write_files(std::span<const FileContent> files) {
  std::vector<FileBeside> written;
  for (const FileContent& file : files) {
    written.emplace_back(file.path);
    written.back().write(file.content);
  }
  for (FileBeside& file : written) file.rename();
}

void check_writable(const std::string& path) {
  if (const std::optional<int> stream = stream_of(path)) {
    if (path != "-" && ::fcntl(*stream, F_GETFD) < 0) throw Error::cannot_write(path, reason());
    return;
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw Error::cannot_write(path, std::strerror(EISDIR));
  if (is_special_file(path)) {  // opening it would wait for the reader of a pipe
    if (::access(path.c_str(), W_OK) != 0) throw Error::cannot_write(path, reason());
    return;
  }
  const FileBeside beside(path);
}

std::size_t remove_unfinished(const std::string& folder, std::span<const std::string_view> names) {
  std::size_t removed = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string file = entry.path().filename().string();
    const std::optional<std::string_view> name = name_of_unfinished(file);
    if (!name || !entry.is_regular_file(ignored) || entry.is_symlink(ignored)) continue;
    if (!names.empty() && std::ranges::find(names, *name) == names.end()) continue;
    if (std::filesystem::remove(entry.path(), ignored)) ++removed;
  }
  return removed;
}

}  // namespace energylens
