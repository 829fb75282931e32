// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/table/columns.hpp"
#include "energylens/table/table.hpp"

namespace energylens::table {

/// The known columns of a header line by position; nothing for an unknown one.
using Header = std::vector<std::optional<Column>>;

/// Throws Error at `place` (file and line; the column is filled in) for a blank or duplicate name, an unknown name
/// that resembles a known column which the table lacks, a known name with another unit, and missing required
/// columns: `batch` and, unless results are optional, at least one energy or time.
Header read_header(std::span<const std::string_view> names, const Place& place,
                   ResultColumns results = ResultColumns::required);

}  // namespace energylens::table
