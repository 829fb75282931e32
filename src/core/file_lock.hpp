// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <optional>
#include <string>
#include <utility>

namespace energylens {

/// An exclusive lock on a file, made if it is missing and left behind. It belongs to this process and ends with it,
/// however that ends.
class FileLock {
 public:
  /// Nothing if another process, or another lock of this one, has it. Throws Error::cannot_write.
  static std::optional<FileLock> take(const std::string& path);

  FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace energylens
