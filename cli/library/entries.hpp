// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "energylens/library/library.hpp"

namespace energylens::cli {

/// A fitted group of the library: its address, how it was measured, its errors and its origin.
io::Json entry_json(const library::Library& from, const library::Entry& entry);

/// The same for people: a table, and the cells of one line.
TextTable entry_table();
std::vector<std::string> entry_cells(const library::Library& from, const library::Entry& entry);

/// The numbers of one quantity with their intervals, for people; nothing if the model does not have it.
std::string parameters_text(const parametric::LawModel& model, predictor::Metric metric);

/// "12 %", or "-" for unknown.
std::string error_text(double error);

}  // namespace energylens::cli
