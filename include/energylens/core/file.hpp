// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace energylens {

/// The whole content of `path`; "-" is standard input. Throws Error::cannot_read.
std::string read_file(const std::string& path);

/// Puts `content` at `path`, whole or not at all: written beside it, flushed, then renamed into place.
/// "-" is standard output. A path that is not a regular file (/dev/full, a pipe) is written directly.
/// Throws Error::cannot_write and leaves any older file as it was.
void write_file(const std::string& path, std::string_view content);

/// Writes all of `content` to a file descriptor; false where it cannot, errno saying why.
bool write_all(int file, std::string_view content);

/// Throws Error::cannot_write if `write_file` could not write there now: what takes long asks before it
/// begins. Leaves nothing behind.
void check_writable(const std::string& path);

/// Removes what `write_file` leaves beside its files when it is killed. Requires: nobody writes into the folder
/// (not those in it) now. Returns their number; a folder that is not there has none.
std::size_t remove_unfinished(const std::string& folder);

}  // namespace energylens
