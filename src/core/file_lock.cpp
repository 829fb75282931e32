// SPDX-License-Identifier: Apache-2.0
// The lock belongs to the open file, so that a process that is killed leaves none. Held by file_lock_test.cpp.
#include "core/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "energylens/core/error.hpp"

namespace energylens {

std::optional<FileLock> FileLock::take(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file < 0) throw Error::cannot_write(path, std::strerror(errno));
  FileLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return std::nullopt;
  throw Error::cannot_write(path, std::strerror(errno));
}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace energylens
