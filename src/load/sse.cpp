// SPDX-License-Identifier: Apache-2.0
// Character by character until a line is whole: lines end in LF, CR or CRLF, which may be split between
// pieces. Held by sse_test.cpp, which cuts streams at every place, and by fuzz_replay_test.cpp.
#include "load/sse.hpp"

namespace energylens::load {

bool SseReader::feed(std::string_view piece) {
  for (const char c : piece) {
    if (broken_) return false;
    if (c == '\n' && after_return_) {
      after_return_ = false;
      continue;
    }
    after_return_ = c == '\r';
    if (c == '\n' || c == '\r') {
      end_line();
    } else {
      line_ += c;
      broken_ = line_.size() + data_.size() > max_bytes_;
    }
  }
  return !broken_;
}

void SseReader::end_line() {
  if (at_start_ && line_.starts_with("\xEF\xBB\xBF")) line_.erase(0, 3);
  at_start_ = false;
  if (line_.empty()) {
    if (has_data_) take_(data_);
    data_.clear();
    has_data_ = false;
    return;
  }
  std::string_view line = line_;
  if (line == "data" || line.starts_with("data:")) {
    line.remove_prefix(line.size() > 5 && line[5] == ' ' ? 6 : line.size() > 4 ? 5 : 4);
    if (has_data_) data_ += '\n';
    data_ += line;
    has_data_ = true;
  }
  line_.clear();
}

}  // namespace energylens::load
