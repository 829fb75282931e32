// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "energylens/campaign/plan.hpp"
#include "energylens/table/columns.hpp"

namespace energylens::campaign {

/// One row of the table being made: known columns with a number or a text. What is unknown is left out.
class Cells {
 public:
  using Value = std::variant<double, std::string>;
  void set(table::Column column, double value);  ///< an unknown value sets nothing
  void set(table::Column column, std::string text);
  void set_text(table::Column column, const std::string& text);  ///< as a number where the column is one
  const std::vector<std::pair<table::Column, Value>>& all() const { return cells_; }
  double number(table::Column column) const;  ///< kUnknown where there is none

 private:
  std::vector<std::pair<table::Column, Value>> cells_;
};

/// One measurement that was tried: a line of the journal.
struct Record {
  std::size_t target = 0;  ///< position in the plan
  std::string what;        ///< target_text
  int attempt = 0;         ///< of this target, from 0, valid or not
  int repeat = -1;         ///< number of the row among the valid ones of this target; -1: invalid
  std::vector<std::string> reasons, warnings;     ///< `reasons` is empty if and only if it is valid
  Cells row;                                      ///< empty if it is invalid
  double begin_s = kUnknown, seconds = kUnknown;  ///< since 1970; with warm-up and all
  std::string samples;                            ///< file of raw samples in the folder; may be empty
  io::Json details;                               ///< windows and figures behind the row
  bool start_failed = false;                      ///< its server did not come up: nothing was measured
  /// Why the row cannot be read that a journal holds; empty if it can. Not written.
  std::string row_problem;

  bool valid() const { return reasons.empty(); }
};

io::Json record_json(const Record& record);
/// Throws Error (bad input) with the place.
Record record_from(const io::Json& json);

/// The rows as a measurement table in CSV, with the columns that occur; a header alone if there is none.
std::string rows_csv(const std::vector<const Cells*>& rows);

}  // namespace energylens::campaign
