// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/table/table.hpp"

namespace energylens::table {

/// Refuses a row whose energy per token or per request differs by more than half from the value that its other
/// columns give by definition, unless another way of counting tokens explains it. Throws Error, naming the likely
/// mistake.
void check_definitions(const Table& table, std::size_t row, int gpus);

/// Warnings about rows that contradict themselves in a way that another definition explains (counting input tokens
/// too, averaging the rates of single requests, time outside of both phases): how many, and the first.
std::vector<std::string> definition_findings(const Table& table);

}  // namespace energylens::table
