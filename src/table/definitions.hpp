// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/table/table.hpp"

namespace energylens::table {

/// Refuses a row whose energies per token or per request are off by more than half from what its other
/// columns give for them by definition, if no way of counting tokens explains it. Throws Error, naming the
/// likely mix-up.
void check_definitions(const Table& table, std::size_t row, int gpus);

/// Lines for people about rows whose columns contradict each other as they would under another definition
/// (tokens of input and output, the mean of the requests' own rates, a time outside of both phases): how
/// many, and the first.
std::vector<std::string> definition_doubts(const Table& table);

}  // namespace energylens::table
