// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "importers/power/trace_builder.hpp"

namespace energylens::importers {

/// Reads a log in any dialect of CSV: a column of time (or of date and time), columns that identify the device, and one of
/// power or of an energy counter; or a column of power for each GPU, as in `timestamp,gpu0,gpu1`. Throws Error (bad input,
/// file:line:column).
meter::Trace read_power_csv(const std::string& text, const std::string& file, const Request& request);
/// The names that are understood, for the documentation.
std::vector<FieldInfo> power_csv_fields();

}  // namespace energylens::importers
