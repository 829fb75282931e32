// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace energylens {

/// The known name that `name` probably stands for: the one at the least edit distance, at most a third of its length
/// and at most `limit`; nothing if none is that near. A swap of two neighbours is one edit; case, '-', '_' and blanks
/// are ignored.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string_view> names,
                                        std::size_t limit = static_cast<std::size_t>(-1));

}  // namespace energylens
