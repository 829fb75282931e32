// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace energylens::table {

/// A text from a file as a one-line message may quote it: control characters become '?', and what is longer
/// than 60 bytes is cut at a character and ends in "...".
std::string shown(std::string_view text);

}  // namespace energylens::table
