// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "campaign/plan.hpp"
#include "table/row_writer.hpp"

namespace energylens::campaign {

/// One measurement that was tried: a line of the journal.
struct Record {
  std::size_t target = 0;  ///< position in the plan
  std::string what;        ///< target_text
  int attempt = 0;         ///< of this target, from 0, valid or not
  int repeat = -1;         ///< number of the row among the valid ones of this target; -1: invalid
  std::vector<std::string> reasons, warnings;     ///< `reasons` is empty if and only if it is valid
  table::RowCells row;                            ///< empty if it is invalid
  double begin_s = kUnknown, seconds = kUnknown;  ///< since 1970; including warm-up
  std::string samples;                            ///< file of raw samples in the folder; may be empty
  io::Json details;                               ///< windows and figures behind the row
  bool start_failed = false;                      ///< its server did not start: nothing was measured
  /// Why the row in a journal cannot be read; empty if it can. Not written.
  std::string row_problem;

  bool valid() const { return reasons.empty(); }
};

io::Json record_json(const Record& record);
/// Throws Error (bad input) with the place.
Record record_from(const io::Json& json);

/// The rows as a measurement table in CSV, with the columns that occur; only a header if there is no row.
std::string rows_csv(const std::vector<const table::RowCells*>& rows);

/// Why the table refuses the row; empty if it accepts it.
std::string table_problem(const table::RowCells& row);

}  // namespace energylens::campaign
