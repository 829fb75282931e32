// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace energylens {

/// The whole content of `path`; "-" is standard input. Throws Error::cannot_read.
std::string read_file(const std::string& path);

/// Writes `content` to `path` atomically: into a new temporary file in the same folder, flushed, then renamed. Owner and
/// permissions of an older file are kept; a symbolic link is replaced, not followed.
/// "-" is standard output. A path that is not a regular file (/dev/full, a pipe) is written directly.
/// Throws Error::cannot_write and leaves an older file unchanged.
void write_file(const std::string& path, std::string_view content);

/// A file to write.
struct FileContent {
  std::string path, content;
};

/// Writes all of the files, or changes none of them: every one is written and flushed before the first is put in its
/// place. Requires: paths of regular files or of none. Throws Error::cannot_write.
void write_files(std::span<const FileContent> files);

/// Writes all of `content` to a file descriptor; false if that fails, with the reason in errno.
bool write_all(int file, std::string_view content);

/// Throws Error::cannot_write if `write_file` could not write to `path` now. Long work calls it before it begins.
/// Leaves no file behind.
void check_writable(const std::string& path);

/// Removes the temporary files of `write_file` calls that were killed, of files with these names; of all if none is
/// given. Requires: the folder is ours, and no process writes into it now (subfolders are not touched). Returns the
/// number of files removed; 0 for a folder that does not exist.
std::size_t remove_unfinished(const std::string& folder, std::span<const std::string_view> names = {});

}  // namespace energylens
