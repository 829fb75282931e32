// SPDX-License-Identifier: Apache-2.0
#include "core/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "energylens/core/error.hpp"

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

constexpr std::string_view kUnfinished = ".part";  // then the number of the process

std::string name_beside(const std::string& path) {
  return path + std::string(kUnfinished) + std::to_string(::getpid());
}

bool is_name_beside(std::string_view name) {
  const std::size_t mark = name.rfind(kUnfinished);
  if (mark == name.npos || mark == 0) return false;
  const std::string_view number = name.substr(mark + kUnfinished.size());
  return !number.empty() && number.find_first_not_of("0123456789") == number.npos;
}

void write_beside_and_rename(const std::string& path, std::string_view content) {
  const std::string beside = name_beside(path);
  {
    const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file.valid()) throw Error::cannot_write(path, reason());
    if (!write_all(file.get(), content) || ::fsync(file.get()) != 0) {
      const Error error = Error::cannot_write(path, reason());
      ::unlink(beside.c_str());
      throw error;
    }
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    const Error error = Error::cannot_write(path, reason());
    ::unlink(beside.c_str());
    throw error;
  }
}

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
  if (path == "-") {
    write_directly("standard output", STDOUT_FILENO, content);
  } else if (is_special_file(path)) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.valid()) throw Error::cannot_write(path, reason());
    write_directly(path, file.get(), content);
  } else {
    write_beside_and_rename(path, content);
  }
}

void check_writable(const std::string& path) {
  if (path == "-") return;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw Error::cannot_write(path, std::strerror(EISDIR));
  if (is_special_file(path)) {  // opening it would wait for the reader of a pipe
    if (::access(path.c_str(), W_OK) != 0) throw Error::cannot_write(path, reason());
    return;
  }
  const std::string beside = name_beside(path);
  const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.valid()) throw Error::cannot_write(path, reason());
  ::unlink(beside.c_str());
}

std::size_t remove_unfinished(const std::string& folder) {
  std::size_t removed = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (!entry.is_regular_file(ignored) || !is_name_beside(entry.path().filename().string())) continue;
    if (std::filesystem::remove(entry.path(), ignored)) ++removed;
  }
  return removed;
}

}  // namespace energylens
