// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "energylens/table/columns.hpp"

namespace energylens::table {

/// A known column under another name.
struct NameMeant {
  Column column;
  bool other_unit = false;  ///< the name states a unit that is not that of the column
};

/// The column that a name of other tools stands for: other words ("duration" for total_time_s, "precision" for quant),
/// without its unit, or with another one ("energy_wh", "Latency (ms)"). Upper case, hyphens, blanks and brackets do
/// not matter. Nothing for other names, and for those of our columns.
std::optional<NameMeant> column_meant(std::string_view name);

}  // namespace energylens::table
