// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/meter/window.hpp"
#include "energylens/table/table.hpp"

namespace energylens::importers {

/// The files to import, and the facts that they do not contain.
struct Request {
  std::vector<std::string> files;  ///< at least one; "-" is standard input
  /// Energy for formats that contain none: a recording, a power log or a report of `energylens meter`.
  std::string energy_file;
  meter::Window window;     ///< in logs and recordings; unknown ends: as the format defines
  meter::Limits limits;     ///< of a valid measurement in them
  double utc_offset_s = 0;  ///< local time in the files minus UTC
  /// The same for the date of a result, and for the log beside it, where they are of different zones.
  double date_utc_offset_s = kUnknown, log_utc_offset_s = kUnknown;
  double log_period_s = kUnknown;        ///< between readings of a log whose lines have no time
  std::vector<std::string> log_columns;  ///< names of the columns of a log without header
  std::vector<std::string> gpus;  ///< GPUs of a log to include, by index or (beginning of) UUID; empty = all
  /// Columns of the table for all rows; they replace values from the files.
  std::vector<std::pair<std::string, std::string>> set;
  std::optional<std::string> standard_input;  ///< the content of "-" if it was read already
};

/// Rows of the table, and warnings about missing and unknown values.
struct Imported {
  table::Table table;
  std::vector<std::string> warnings;
};

/// How an importer treats a field.
enum class FieldUse {
  read,     ///< into a column, or to compute one
  derived,  ///< a column that is computed from other fields
  refused,  ///< not used, or a reason to refuse the file
};
std::string_view field_use_text(FieldUse use);

/// One field of a format.
struct FieldInfo {
  std::string field;   ///< its path in the file
  std::string column;  ///< the column of the table, or in words what it is used for
  FieldUse use;
  std::string meaning;  ///< may be empty
};

/// Content by which a format is recognised.
struct Signature {
  std::string_view start;                 ///< of the file, after blanks; may be empty
  std::array<std::string_view, 4> words;  ///< all of which its beginning contains; empty ones do not count
};

/// Results of loads become one row per run; logs of power one row per log, or the energy of a result.
enum class FormatKind { result, power };
std::string_view format_kind_text(FormatKind kind);

/// One file format of another tool.
struct Format {
  std::string_view name;
  std::string_view sentence;
  std::string_view what;  ///< one file of it, "a result of vllm bench serve"
  bool takes_energy_file;
  /// Throws Error (bad input, with file and place) for files of another format, missing required values, and energy
  /// that is not validly measured, more uncertain than meter::kMostUncertain, or not of the run; Error (usage) for an
  /// unknown column in `set`.
  Imported (*import)(const Request&);
  FormatKind kind = FormatKind::result;
  std::span<const Signature> signatures;  ///< one of which its files fit
  std::vector<FieldInfo> (*fields)() = nullptr;
  /// Logs: the readings. Throws Error (bad input) as `import` does.
  meter::Trace (*read_log)(const std::string& text, const std::string& file, const Request&) = nullptr;
};

/// All formats. Names differ; a narrower format is before a wider one.
std::span<const Format> formats();
/// Throws Error (usage) for an unknown name.
const Format& find_format(std::string_view name);
/// The format that a file with this beginning has; nullptr for none of them.
const Format* recognise(std::string_view beginning);

/// Imports files of any formats, each recognised by its content, or all of `format` if it is named. Where results and a
/// single power log are given, the log is the energy of the results. Throws Error as Format::import does, and for a file
/// that is recognised as no format, with what it is and what to do.
Imported import_files(const Request& request, std::string_view format = {});

}  // namespace energylens::importers
