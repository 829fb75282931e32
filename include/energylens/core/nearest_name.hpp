// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace energylens {

/// The known name that was probably meant by `name`: least edit distance (Levenshtein, ignoring
/// case, '-', '_' and blanks), at most a third of its length; nothing if none is that near.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string_view> names);

}  // namespace energylens
