// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "energylens/importers/import.hpp"
#include "table/row_writer.hpp"

namespace energylens::importers {

/// Whether the request gives this column.
bool is_set(const Request& request, std::string_view column);

/// Applies the request's `set` to the rows, and reads them as a table named after the first file. Throws Error where
/// the table refuses them; where batch is missing, the message names the option. Warns of values of the file that
/// `set` replaces, except names.
table::Table finish(table::RowWriter& rows, const Request& request, std::vector<std::string>& warnings);

}  // namespace energylens::importers
