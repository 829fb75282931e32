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

/// What a header line says: which known column stands where; nothing for an unknown one.
using Header = std::vector<std::optional<Column>>;

/// Throws Error at `place` (file and line; the column is filled in) for a name that is blank or occurs twice,
/// a name that is not known but near a known one that the table lacks, a known name with a foreign unit, and
/// for missing required columns: `batch` and, unless results are optional, at least one energy or time.
Header read_header(std::span<const std::string_view> names, const Place& place,
                   ResultColumns results = ResultColumns::required);

}  // namespace energylens::table
