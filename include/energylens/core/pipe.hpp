// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace energylens {

/// Writes all of `content` to a pipe whose reader may have ended. False where it has, with nobody killed: SIGPIPE is held
/// back in this thread meanwhile, so that a library need not change what the program does with signals.
bool write_to_pipe(int pipe, std::string_view content);

}  // namespace energylens
