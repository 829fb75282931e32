// SPDX-License-Identifier: Apache-2.0
// JSON text to a value, by nlohmann-json's SAX parser, which keeps no stack of frames, so that depth
// is bounded by kMaxJsonDepth alone. It reports no places: an iterator counts what it has consumed, and between
// two events only blanks, commas and colons pass, so each token begins at the first other character. Held by
// json_test.cpp and by the fuzz target fuzz/json_fuzz.cpp.
#include <algorithm>
#include <cctype>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "energylens/io/json.hpp"
#include "io/sheet.hpp"

namespace energylens::io {
namespace {

/// Characters of the text, telling how many were taken.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* taken) : at_(at), taken_(taken) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*taken_;
    return *this;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  std::size_t* taken_;
};

/// Line and column of a place in the text; moves forward only, so that a whole text costs one pass.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  void move_to(std::size_t offset) {
    for (; offset_ < offset && offset_ < text_.size(); ++offset_) {
      if (text_[offset_] == '\n') {
        ++line_;
        line_begin_ = offset_ + 1;
      }
    }
  }
  void skip_separators() { move_to(std::min(text_.find_first_not_of(" \t\r\n,:", offset_), text_.size())); }
  std::size_t line() const { return line_; }
  std::size_t column() const { return offset_ - line_begin_ + 1; }

 private:
  std::string_view text_;
  std::size_t offset_ = 0, line_begin_ = 0, line_ = 1;
};

/// "syntax error while parsing value - unexpected '}'; expected X" without the parser's preamble and without
/// the raw text it read last.
std::string explanation(std::string_view what) {
  if (const auto dash = what.find(" - "); dash != std::string_view::npos) what.remove_prefix(dash + 3);
  const auto last_read = what.find("; last read: ");
  if (last_read == std::string_view::npos) return std::string(what);
  std::string text(what.substr(0, last_read));
  if (const auto expected = what.rfind("; expected ");
      expected != std::string_view::npos && expected > last_read) {
    text += what.substr(expected);
  }
  return text;
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

/// Builds the value from the parser's events.
class JsonReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonReader(std::string_view text, const std::string& file)
      : text_(text), file_(std::make_shared<const std::string>(file)), cursor_(text) {
    if (text.starts_with(kByteOrderMark)) cursor_.move_to(kByteOrderMark.size());
  }

  Json read() {
    nlohmann::json::sax_parse(CountingIterator(text_.data(), &taken_),
                              CountingIterator(text_.data() + text_.size(), &taken_), this);
    return std::move(root_);
  }

  bool null() override { return add(Json()); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(std::int64_t value) override { return add(Json(value)); }
  bool number_unsigned(std::uint64_t value) override { return add(Json(value)); }
  bool number_float(double value, const std::string&) override { return add(Json(value)); }
  bool string(std::string& value) override { return add(Json(std::move(value))); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    const Json::Origin origin = begin_token();
    if (!frames_.back().names.insert(name).second) {
      throw refusal(origin, quote(name) + " occurs twice in one object");
    }
    frames_.back().name = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& problem) override {
    if (blank()) throw Error::bad_input({*file_, 0, {}}, "is empty, not JSON");
    const std::string_view what = problem.what();
    const bool ends = position > text_.size();  // the end itself counts as one character read
    cursor_.move_to(position - 1);
    throw refusal(here(),
                  ends ? "JSON ends too early: the text is truncated" : "not JSON: " + explanation(what));
  }

  bool binary(binary_t&) override { return false; }  // JSON text has none

 private:
  struct Frame {
    Json json;
    std::string name;  // of the member to come
    std::unordered_set<std::string> names;
  };

  bool blank() const { return text_.find_first_not_of(" \t\r\n") == std::string_view::npos; }

  Json::Origin here() const {
    return {file_, static_cast<std::uint32_t>(cursor_.line()), static_cast<std::uint32_t>(cursor_.column())};
  }

  Error refusal(const Json::Origin& at, std::string message) const {
    return Error::bad_input({*file_, static_cast<long>(at.line), std::to_string(at.column)},
                            std::move(message));
  }

  /// Where the token of the present event begins; the cursor is left at its end. After a number the parser
  /// has taken one character more, unless the text ended with it.
  Json::Origin begin_token(bool number = false) {
    cursor_.skip_separators();
    const Json::Origin origin = here();
    const bool one_more = number && !std::isdigit(static_cast<unsigned char>(text_[taken_ - 1]));
    cursor_.move_to(one_more ? taken_ - 1 : taken_);
    return origin;
  }

  bool add(Json value) {
    value.origin_ = begin_token(value.is_number());
    return place_in_parent(std::move(value));
  }

  bool open(Json container) {
    container.origin_ = begin_token();
    if (frames_.size() == kMaxJsonDepth) {
      throw container.error(fmt::format("JSON nested deeper than {} levels", kMaxJsonDepth));
    }
    frames_.push_back({std::move(container), {}, {}});
    return true;
  }

  bool close() {
    begin_token();
    Json finished = std::move(frames_.back().json);
    frames_.pop_back();
    return place_in_parent(std::move(finished));
  }

  bool place_in_parent(Json value) {
    if (frames_.empty()) {
      root_ = std::move(value);
    } else if (Frame& frame = frames_.back(); frame.json.is_array()) {
      frame.json.push_back(std::move(value));
    } else {
      std::get<std::vector<Json::Member>>(frame.json.value_)
          .push_back({std::move(frame.name), std::move(value)});
    }
    return true;
  }

  std::string_view text_;
  std::shared_ptr<const std::string> file_;
  std::size_t taken_ = 0;
  Cursor cursor_;
  std::vector<Frame> frames_;
  Json root_;
};

Json parse_json(std::string_view text, const std::string& file) {
  return JsonReader(text, file).read();
}

}  // namespace energylens::io
