// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/table/row.hpp"

namespace energylens::table {

/// Fills in the unknown results of one measurement that follow exactly from the known ones.
/// Requests in flight of a `steady` row by Little's law: tokens per second times seconds per token, with the time to
/// first token where it is known, at most the number of clients. Unknown where throughput or TPOT is.
double in_flight(const Results& results, const Load& load);

void derive(Results& results, const Load& load);

}  // namespace energylens::table
