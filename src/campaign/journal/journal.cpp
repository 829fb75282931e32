// SPDX-License-Identifier: Apache-2.0
// Writes, calls fsync, and only then counts a record. The part of a line that a full disk accepted is cut off
// again, which needs no space. The lock belongs to the open file, so that a killed process leaves none. Held
// by journal_test.cpp.
#include "campaign/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "campaign/measurement/rows.hpp"
#include "core/file.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/table/row.hpp"
#include "io/sheet.hpp"

namespace energylens::campaign {
namespace {

bool write_whole(int file, std::string_view bytes) {
  return write_all(file, bytes) && ::fsync(file) == 0;
}

std::string place_text(const std::string& file, long line) {
  return file + ':' + std::to_string(line) + ": ";
}

/// Makes the last record an invalid one.
void refuse(JournalContent& content, const std::string& place, const std::string& problem) {
  Record& record = content.records.back();
  content.warnings.push_back(place + io::shown(record.what) +
                             ": the row is not valid in a measurement table: " + problem);
  ++content.refused;
  record.reasons = {"the row in the journal is not valid in a measurement table: " + problem};
  record.row = {};
}

/// How a row contradicts the text of its configuration, "... tp2 batch 8 isl 512 osl 64"; empty if it does not. Cells
/// that the row lacks are not compared.
std::string contradiction(const table::RowCells& row, const std::string& configuration) {
  using table::Column;
  std::istringstream words(configuration);
  std::vector<std::string> word{std::istream_iterator<std::string>(words), {}};
  std::string problem;
  const auto compare = [&](Column column, double stated) {
    const double cell = row.number(column);
    if (!known(cell) || !known(stated) || cell == stated || !problem.empty()) return;
    problem = std::string(table::info(column).name) + ' ' + number_text(cell) +
              " contradicts the configuration of the record";
  };
  for (std::size_t i = 1; i + 1 < word.size(); ++i) {
    const double number = parse_number(word[i + 1]).value_or(kUnknown);
    if (word[i] == "isl") compare(Column::isl, number);
    if (word[i] == "osl") compare(Column::osl, number);
    const bool job = word[i] == "batch", steady = word[i] == "flight" && word[i - 1] == "in";
    if (!job && !steady) continue;
    compare(job ? Column::batch : Column::concurrency, number);
    try {
      const table::Layout layout = table::parse_layout(word[job ? i - 1 : i - 2]);
      for (const auto& [column, degree] :
           {std::pair{Column::tp, layout.tp}, std::pair{Column::pp, layout.pp},
            std::pair{Column::dp, layout.dp}, std::pair{Column::ep, layout.ep}})
        compare(column, degree);
    } catch (const Error&) {  // a text of an earlier version: nothing to compare
    }
  }
  return problem;
}

/// A record that was valid when written may have been edited: a journal is a text file.
void refuse_bad_row(JournalContent& content, const std::string& place) {
  Record& record = content.records.back();
  if (!record.valid()) return;
  std::string problem = record.row_problem.empty() ? table_problem(record.row) : record.row_problem;
  if (problem.empty()) problem = contradiction(record.row, record.what);
  if (problem.empty()) return;
  refuse(content, place, problem);
}

/// A new file is on the disk only when its folder is.
void sync_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const int file = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

JournalContent parse_journal(std::string_view text, const std::string& file) {
  JournalContent content;
  std::set<std::pair<std::size_t, int>> attempts;
  std::size_t& end = content.end;
  for (std::size_t next; (next = text.find('\n', end)) != text.npos; end = next + 1) {
    const long line = std::ssize(content.records) + 1;
    try {
      content.records.push_back(record_from(io::parse_json(text.substr(end, next - end), file)));
    } catch (const Error& error) {
      throw Error::bad_input({file, line, error.place().column}, error.message());
    }
    refuse_bad_row(content, place_text(file, line));
    if (const Record& last = content.records.back(); !attempts.emplace(last.target, last.attempt).second)
      refuse(content, place_text(file, line), "an earlier line has the same attempt");
  }
  if (end < text.size())
    content.warnings.push_back(place_text(file, std::ssize(content.records) + 1) +
                               "ignored the last line, which is cut off");
  return content;
}

Journal::Journal(const std::string& path)
    : path_(path), file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (file_ < 0) throw Error::cannot_write(path, std::strerror(errno));
  try {
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
      throw Error::usage(path + ": another campaign is running in this folder");
    content_ = parse_journal(read_file(path), path);
    const long end = static_cast<long>(content_.end);
    if (::ftruncate(file_, end) != 0 || ::lseek(file_, end, SEEK_SET) < 0)
      throw Error::cannot_write(path, std::strerror(errno));
    sync_folder_of(path);
  } catch (...) {
    ::close(file_);
    throw;
  }
}

Journal::~Journal() {
  ::close(file_);
}

void Journal::append(Record record) {
  const std::string line = io::print_json(record_json(record), 0) + '\n';
  if (!write_whole(file_, line)) {
    const Error error = Error::cannot_write(path_, std::strerror(errno));
    const long end = static_cast<long>(content_.end);
    if (::ftruncate(file_, end) == 0) ::lseek(file_, end, SEEK_SET);
    throw error;
  }
  content_.end += line.size();
  content_.records.push_back(std::move(record));
}

JournalContent read_journal(const std::string& path) {
  if (!std::filesystem::exists(path)) return {};
  return parse_journal(read_file(path), path);
}

}  // namespace energylens::campaign
