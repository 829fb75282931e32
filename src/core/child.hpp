// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace energylens {

/// What a program that ran to its end left.
struct ChildResult {
  int code = 0;  ///< exit code; 128 + the signal if one ended it
  std::string out, err;
};

/// Runs a program, found by PATH, with `input` on its standard input, and waits for it. Throws Error (io) with the
/// text `missing` if there is no such program.
ChildResult run_child(const std::vector<std::string>& command, std::string_view input,
                      std::string_view missing);

}  // namespace energylens
