// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/campaign/record.hpp"

namespace energylens::campaign {

/// The records of a campaign, one line of JSON each. A record is there whole, on the disk, when `append`
/// returns, or it is not there at all. One process at a time.
class Journal {
 public:
  /// Opens or makes the file and locks it; a last line without its end, which a killed process left, is cut
  /// off. Throws Error (bad input) for a line that is no record, Error (usage) if another process has it,
  /// Error (io).
  explicit Journal(const std::string& path);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  const std::vector<Record>& records() const { return records_; }
  /// Throws Error (io): then the file is as it was.
  void append(Record record);

 private:
  std::string path_;
  int file_ = -1;
  long end_ = 0;  // bytes of whole lines
  std::vector<Record> records_;
};

/// The records of a journal, without locking or changing it; none if there is no such file. Throws Error.
std::vector<Record> read_journal(const std::string& path);
/// The records of its text up to the last whole line, whose end is put into `end`.
std::vector<Record> parse_journal(std::string_view text, const std::string& file, std::size_t& end);

}  // namespace energylens::campaign
