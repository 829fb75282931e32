// SPDX-License-Identifier: Apache-2.0
// trace_records.cpp: the formats of traces. Columns are found by their names, in any order; those that no trace needs are
// skipped. Held by trace_test.cpp, with a small file of each format.
#include "serving/trace_records.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "core/file.hpp"
#include "core/text.hpp"
#include "energylens/io/json.hpp"
#include "io/csv.hpp"

namespace energylens::serving {
namespace {

enum class Field { time, prompt, output, cached };

struct ColumnName {
  std::string_view name;  ///< in lower case, without blanks, '_' and '.'
  Field field;
  double unit_s = 1;  ///< of times
};

constexpr auto kColumnNames = std::to_array<ColumnName>({
    {"arrivals", Field::time},
    {"arrivaltime", Field::time},
    {"arrivaltimestamp", Field::time},
    {"timestamp", Field::time},
    {"time", Field::time},
    {"starttime", Field::time},
    {"starttimes", Field::time},
    {"requesttime", Field::time},
    {"arrivalms", Field::time, 1e-3},
    {"timestampms", Field::time, 1e-3},
    {"starttimems", Field::time, 1e-3},
    {"starttimeunixnano", Field::time, 1e-9},
    {"isl", Field::prompt},
    {"contexttokens", Field::prompt},
    {"requesttokens", Field::prompt},
    {"prompttokens", Field::prompt},
    {"inputtokens", Field::prompt},
    {"inputlength", Field::prompt},
    {"inputlens", Field::prompt},
    {"numprefilltokens", Field::prompt},
    {"genaiusageinputtokens", Field::prompt},
    {"osl", Field::output},
    {"generatedtokens", Field::output},
    {"responsetokens", Field::output},
    {"completiontokens", Field::output},
    {"outputtokens", Field::output},
    {"outputlength", Field::output},
    {"outputlens", Field::output},
    {"numdecodetokens", Field::output},
    {"genaiusageoutputtokens", Field::output},
    {"cachedtokens", Field::cached},
    {"cachedprompttokens", Field::cached},
    {"genaiusagecachereadinputtokens", Field::cached},
});

const ColumnName* column_named(std::string_view header) {
  std::string name;
  for (const char c : lower_case(header)) {
    if (c != ' ' && c != '_' && c != '.' && c != '"') name += c;
  }
  for (const ColumnName& one : kColumnNames) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

/// The lines of a file, counted. Only one is in memory.
class Lines {
 public:
  explicit Lines(const std::string& file) : file_(file), stream_(file, std::ios::binary) {
    errno = 0;
    if (!stream_ || stream_.peek() == std::ifstream::traits_type::eof()) {
      if (!stream_.is_open()) throw Error::cannot_read(file_, std::strerror(errno != 0 ? errno : ENOENT));
      throw Error::bad_input({file_, 0, ""}, "the trace is empty");
    }
  }
  /// The next line that is not blank.
  bool next() {
    while (std::getline(stream_, text_)) {
      ++number_;
      if (text_.ends_with('\r')) text_.pop_back();
      if (number_ == 1 && text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
      if (text_.find_first_not_of(" \t") != std::string::npos) return true;
    }
    if (stream_.bad()) throw Error::cannot_read(file_, "the file ended early");
    return false;
  }
  const std::string& text() const { return text_; }
  const std::string& file() const { return file_; }
  Place place(std::string column = {}) const { return {file_, number_, std::move(column)}; }

 private:
  std::string file_;
  std::ifstream stream_;
  std::string text_;
  long number_ = 0;
};

class CsvTrace : public TraceRecords {
 public:
  explicit CsvTrace(Lines lines) : lines_(std::move(lines)) {
    lines_.next();
    io::CsvRecords header(lines_.text(), lines_.file());
    header.next();
    for (std::size_t i = 0; i < header.cells().size(); ++i) {
      const ColumnName* const name = column_named(header.cells()[i]);
      if (!name) continue;
      Column& column = columns_[static_cast<std::size_t>(name->field)];
      if (!column.header.empty())
        throw Error::bad_input(lines_.place(std::string(header.cells()[i])),
                               "states the same as the column " + quote(column.header));
      column = {static_cast<int>(i), std::string(header.cells()[i]), name->unit_s};
    }
    require_column(Field::time, "time of arrival, such as arrival_s or TIMESTAMP");
    require_column(Field::prompt, "number of input tokens, such as isl or ContextTokens");
    require_column(Field::output, "number of output tokens, such as osl or GeneratedTokens");
  }

  bool next(TraceRecord& record) override {
    if (!lines_.next()) return false;
    io::CsvRecords line(lines_.text(), lines_.file());
    try {
      line.next();
    } catch (const Error& error) {
      throw Error::bad_input(lines_.place(), error.message());
    }
    record = {};
    record.place = lines_.place();
    record.time_s = time_of(cell(line.cells(), Field::time));
    record.prompt = count_of(line.cells(), Field::prompt);
    record.output = count_of(line.cells(), Field::output);
    const std::string_view cached = cell(line.cells(), Field::cached);
    if (!cached.empty()) record.cached = count_of(line.cells(), Field::cached);
    return true;
  }

 private:
  struct Column {
    int index = -1;
    std::string header;
    double unit_s = 1;
  };
  const Column& column(Field field) const { return columns_[static_cast<std::size_t>(field)]; }

  void require_column(Field field, std::string_view what) const {
    if (column(field).index < 0)
      throw Error::bad_input(lines_.place(), "no column states the " + std::string(what));
  }
  std::string_view cell(std::span<const std::string_view> cells, Field field) const {
    const int index = column(field).index;
    if (index < 0) return {};
    if (static_cast<std::size_t>(index) >= cells.size())
      throw Error::bad_input(lines_.place(column(field).header), "is missing");
    return cells[static_cast<std::size_t>(index)];
  }
  double time_of(std::string_view text) const {
    if (const auto number = parse_number(text)) return *number * column(Field::time).unit_s;
    const double seconds = seconds_of_date(text);
    if (!known(seconds)) throw Error::bad_cell(lines_.place(column(Field::time).header), text, "a time");
    return seconds;
  }
  double count_of(std::span<const std::string_view> cells, Field field) const {
    const std::string_view text = cell(cells, field);
    const auto number = parse_number(text);
    if (!number || !(*number >= 0) || *number > 1e9 ||
        *number != static_cast<double>(static_cast<long>(*number)))
      throw Error::bad_cell(lines_.place(column(field).header), text, "a number of tokens");
    return *number;
  }

  Lines lines_;
  std::array<Column, 4> columns_;
};

/// The member of an object that a field has, under any of its names.
const io::Json::Member* member_for(const io::Json& object, Field field) {
  for (const io::Json::Member& member : object.members()) {
    const ColumnName* const name = column_named(member.name);
    if (name && name->field == field) return &member;
  }
  return nullptr;
}

double tokens_of(const io::Json& value) {
  const double tokens = value.as_number();
  if (!(tokens >= 0) || tokens > 1e9) throw value.error("is not a number of tokens");
  return tokens;
}

const io::Json& required_member(const io::Json& object, Field field, std::string_view names) {
  const io::Json::Member* const member = member_for(object, field);
  if (!member) throw object.error("no member states the " + std::string(names));
  return member->value;
}

/// JSON lines, as of Mooncake: times in milliseconds, unless the name of the member states seconds.
class JsonLinesTrace : public TraceRecords {
 public:
  explicit JsonLinesTrace(Lines lines) : lines_(std::move(lines)) {}

  bool next(TraceRecord& record) override {
    if (!lines_.next()) return false;
    record = {};
    record.place = lines_.place();
    try {
      fill(io::parse_json(lines_.text(), lines_.file()), record);
    } catch (const Error& error) {
      throw Error::bad_input(lines_.place(error.place().column), error.message());
    }
    return true;
  }

 private:
  static void fill(const io::Json& line, TraceRecord& record) {
    const io::Json::Member* const time = member_for(line, Field::time);
    if (!time) throw line.error("no member states the time of arrival, such as timestamp");
    const bool milliseconds = time->name == "timestamp";
    record.time_s = time->value.is_text()
                        ? seconds_of_date(time->value.as_text())
                        : time->value.as_number() * (milliseconds ? 1e-3 : column_named(time->name)->unit_s);
    if (!known(record.time_s)) throw time->value.error("is not a time");
    record.prompt =
        tokens_of(required_member(line, Field::prompt, "number of input tokens, such as input_length"));
    record.output =
        tokens_of(required_member(line, Field::output, "number of output tokens, such as output_length"));
    if (const io::Json::Member* const cached = member_for(line, Field::cached))
      record.cached = tokens_of(cached->value);
    const io::Json* const hashes = line.find("hash_ids");
    if (!hashes || hashes->is_null()) return;
    for (const io::Json& hash : hashes->items()) record.hashes.push_back(hash.as_integer());
  }

  Lines lines_;
};

/// The result of a benchmark as one JSON object with an array per quantity.
class BenchmarkTrace : public TraceRecords {
 public:
  explicit BenchmarkTrace(const std::string& file)
      : file_(file), json_(io::parse_json(read_file(file), file)) {
    times_ = &array(Field::time, "start times of the requests (start_times)");
    prompts_ = &array(Field::prompt,
                      "input tokens of the requests (input_lens); save the result with --save-detailed");
    outputs_ = &array(Field::output, "output tokens of the requests (output_lens)");
    if (prompts_->size() != times_->size() || outputs_->size() != times_->size())
      throw json_.error("the arrays of start times and tokens differ in length");
  }

  bool next(TraceRecord& record) override {
    if (next_ == times_->size()) return false;
    const std::size_t i = next_++;
    record = {};
    record.place = (*prompts_)[i].place();
    record.time_s = (*times_)[i].as_number();
    record.prompt = tokens_of((*prompts_)[i]);
    record.output = tokens_of((*outputs_)[i]);
    return true;
  }

 private:
  const std::vector<io::Json>& array(Field field, std::string_view what) const {
    const io::Json::Member* const member = member_for(json_, field);
    if (!member || !member->value.is_array()) throw json_.error("no array states the " + std::string(what));
    return member->value.items();
  }

  std::string file_;
  io::Json json_;
  const std::vector<io::Json>*times_ = nullptr, *prompts_ = nullptr, *outputs_ = nullptr;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<TraceRecords> open_records(const std::string& file) {
  Lines lines(file);
  Lines first(file);
  if (!first.next()) throw Error::bad_input({file, 0, ""}, "the trace is empty");
  const std::size_t begin = first.text().find_first_not_of(" \t");
  if (first.text()[begin] != '{') return std::make_unique<CsvTrace>(std::move(lines));
  // A line that is an object of its own is one of many; the result of a benchmark has arrays.
  try {
    const io::Json line = io::parse_json(first.text(), file);
    const io::Json::Member* const prompt = member_for(line, Field::prompt);
    if (!prompt || !prompt->value.is_array()) return std::make_unique<JsonLinesTrace>(std::move(lines));
  } catch (const Error&) {
    // An object of several lines.
  }
  return std::make_unique<BenchmarkTrace>(file);
}

}  // namespace energylens::serving
