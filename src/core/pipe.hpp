// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string_view>

namespace energylens {

/// Writes all of `content` to a pipe whose reader may have ended; false if it has. SIGPIPE is blocked in this thread
/// meanwhile, so that the program's handling of signals does not matter.
bool write_to_pipe(int pipe, std::string_view content);

}  // namespace energylens
