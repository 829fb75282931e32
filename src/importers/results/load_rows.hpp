// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "importers/results/load_result.hpp"
#include "table/row_writer.hpp"

namespace energylens::importers {

/// Makes rows of the table from results of loads, all in the same way:
/// - figures that follow from others are computed (docs/guide/import.md);
/// - requests in flight are what the tool measured, else by Little's law, else the concurrency;
/// - the energy is that of the file, else that of the energy file of the request over the time of the run, in the scope
///   that is stated; with more than kMostFailed failed requests there is no energy per token or request;
/// - warnings name what a row lacks and the option that adds it.
class LoadRows {
 public:
  LoadRows(const Request& request, std::vector<std::string>& warnings)
      : request_(request), warnings_(warnings) {}

  /// Throws Error (bad input) for contradictory figures and for energy that is not of the run.
  void add(LoadResult result, const std::string& file);
  /// Whether the request sets this column.
  bool is_set(std::string_view column) const;
  /// The table. Throws Error as importers::finish does, and for no rows.
  Imported finish();

 private:
  void set(std::string_view column, double value);
  void set(std::string_view column, const std::string& text);
  void set_load(LoadResult& result);
  void set_energy(LoadResult& result, const std::string& file);
  void take_energy_file(LoadResult& result, const std::string& file);
  void note_missing(const std::string& file);

  const Request& request_;
  std::vector<std::string>& warnings_;
  table::RowWriter rows_;
  std::vector<std::string> lacking_;  ///< of the files so far, "FILE: ..."
};

/// The largest share of failed requests of a run whose energy is divided by the tokens of the others.
inline constexpr double kMostFailed = 0.05;

/// Computes what follows from other figures.
void complete(LoadResult& result);

/// Imports files of one JSON or YAML document each, or of JSON lines: `each` adds the results of one document.
Imported import_documents(const Request& request, std::string_view format,
                          void (*each)(const io::Json& document, const std::string& file, LoadRows& rows));
/// Adds the result of a run that a table of fields reads, after `finish` has read what the table cannot.
void add_run(const io::Json& run, std::span<const LoadField> fields, const std::string& file, LoadRows& rows,
             const LoadResult& defaults, void (*finish)(const io::Json& run, LoadResult& result) = nullptr);

}  // namespace energylens::importers
