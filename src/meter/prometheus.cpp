// SPDX-License-Identifier: Apache-2.0
// Line by line with one cursor. Held by prometheus_test.cpp and fuzz_replay_test.cpp.
#include "meter/prometheus.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::meter {
namespace {

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}
bool continues_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9');
}

class LineReader {
 public:
  LineReader(std::string_view line, const std::string& file, long number, double time_unit_s)
      : line_(line), file_(file), number_(number), time_unit_s_(time_unit_s) {}

  Metric read() {
    Metric metric;
    metric.name = read_name("a name");
    if (peek() == '{') read_labels(metric);
    skip_blanks();
    metric.value = read_value();
    skip_blanks();
    metric.time_s = parse_number(next_word()).value_or(kUnknown) * time_unit_s_;
    return metric;
  }

 private:
  char peek() const { return at_ < line_.size() ? line_[at_] : '\0'; }
  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }
  [[noreturn]] void refuse(const std::string& wanted) const {
    throw Error::bad_input({file_, number_, std::to_string(at_ + 1)}, "expected " + wanted);
  }

  std::string read_name(const char* wanted) {
    if (!begins_name(peek())) refuse(wanted);
    const std::size_t begin = at_;
    while (continues_name(peek())) ++at_;
    return std::string(line_.substr(begin, at_ - begin));
  }

  void read_labels(Metric& metric) {
    ++at_;
    for (;;) {
      skip_blanks();
      if (peek() == '}') break;
      std::string name = read_name("a label or '}'");
      skip_blanks();
      if (peek() != '=') refuse("'='");
      ++at_;
      skip_blanks();
      metric.labels.emplace_back(std::move(name), read_quoted());
      skip_blanks();
      if (peek() == ',') {
        ++at_;
      } else if (peek() != '}') {
        refuse("',' or '}'");
      }
    }
    ++at_;
  }

  std::string read_quoted() {
    if (peek() != '"') refuse("'\"'");
    std::string text;
    for (++at_; at_ < line_.size(); ++at_) {
      const char c = line_[at_];
      if (c == '"') {
        ++at_;
        return text;
      }
      if (c == '\\' && at_ + 1 < line_.size()) {
        const char escaped = line_[++at_];
        text += escaped == 'n' ? '\n' : escaped;
      } else {
        text += c;
      }
    }
    refuse("'\"'");
  }

  std::string_view next_word() const {
    const std::size_t end = std::min(line_.find_first_of(" \t", at_), line_.size());
    return line_.substr(at_, end - at_);
  }

  double read_value() {
    const std::string_view text = next_word();
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (text == "NaN") return passed(text, kUnknown);
    if (text == "+Inf" || text == "Inf") return passed(text, kInfinity);
    if (text == "-Inf") return passed(text, -kInfinity);
    const std::optional<double> value = parse_number(text);
    if (!value) refuse("a number");
    return passed(text, *value);
  }

  double passed(std::string_view word, double value) {
    at_ += word.size();
    return value;
  }

  std::string_view line_;
  const std::string& file_;
  long number_;
  double time_unit_s_;
  std::size_t at_ = 0;
};

}  // namespace

std::string_view Metric::label(std::string_view label_name) const {
  const auto found = std::ranges::find(labels, label_name, &std::pair<std::string, std::string>::first);
  return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<Metric> parse_prometheus(std::string_view text, const std::string& file) {
  std::vector<Metric> metrics;
  long number = 0;
  const std::size_t last = text.find_last_not_of("\r\n");
  const double time_unit_s = last != text.npos && text.substr(0, last + 1).ends_with("# EOF") ? 1 : 1e-3;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    if (!line.empty() && line.front() != '#')
      metrics.push_back(LineReader(line, file, number, time_unit_s).read());
  }
  return metrics;
}

}  // namespace energylens::meter
