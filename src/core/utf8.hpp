// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <string_view>

namespace energylens {

/// Length in bytes of the UTF-8 character at the start of `text`; 0 if there is none (RFC 3629: no overlong
/// forms, no surrogates, nothing above U+10FFFF) or `text` is empty.
std::size_t utf8_character_length(std::string_view text) noexcept;

/// Length in bytes of the longest beginning of `text` that is UTF-8: text.size() if all of it is.
std::size_t utf8_prefix_length(std::string_view text) noexcept;

}  // namespace energylens
