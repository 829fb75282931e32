// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <vector>

#include "campaign/record.hpp"

namespace energylens::campaign {

/// The content of a journal. A valid record whose row the table refuses, for instance after editing, is invalid
/// here, with that as its reason.
struct JournalContent {
  std::vector<Record> records;
  std::vector<std::string> warnings;  ///< refused rows and an incomplete last line, with file and line
  std::size_t refused = 0;            ///< rows
  std::size_t end = 0;                ///< bytes of whole lines

  /// Rows of valid records, and refused ones.
  std::size_t rows() const {
    return refused +
           static_cast<std::size_t>(std::count_if(records.begin(), records.end(),
                                                  [](const Record& record) { return record.valid(); }));
  }
};

/// The records of a campaign, one line of JSON each. When `append` returns, the record is on the disk; it is
/// never there in part. One process at a time.
class Journal {
 public:
  /// Opens or makes the file and locks it; a last line without its end, which a killed process left, is cut
  /// off. Throws Error (bad input) for an invalid record, Error (usage) if another process holds it,
  /// Error (io).
  explicit Journal(const std::string& path);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  const std::vector<Record>& records() const { return content_.records; }
  /// What was wrong with the file when it was opened.
  const std::vector<std::string>& warnings() const { return content_.warnings; }
  /// Rows of valid records, and rows that were refused when it was opened.
  std::size_t rows() const { return content_.rows(); }
  /// Throws Error (io): then the file is as it was.
  void append(Record record);

 private:
  std::string path_;
  int file_ = -1;
  JournalContent content_;
};

/// A journal, without locking or changing it; nothing if there is no such file. Throws Error.
JournalContent read_journal(const std::string& path);
/// A journal's text up to its last whole line. Throws Error (bad input, file:line:column) for a whole line
/// that is not a record.
JournalContent parse_journal(std::string_view text, const std::string& file);

}  // namespace energylens::campaign
