// SPDX-License-Identifier: Apache-2.0
// JSON text from a value, by recursion. Text is copied character by character: what JSON must escape is
// escaped, what is not UTF-8 becomes U+FFFD, so that the output can always be read back.
// Held by json_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/utf8.hpp"
#include "energylens/io/json.hpp"

namespace energylens::io {
namespace {

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kShort = "\"\"\\\\\bb\ff\nn\rr\tt";  // pairs: character, letter
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::size_t i = 0; i < kShort.size(); i += 2) {
    if (kShort[i] == c) {
      out += {'\\', kShort[i + 1]};
      return;
    }
  }
  const auto code = static_cast<unsigned char>(c);
  out += "\\u00";
  out += {kHex[code / 16], kHex[code % 16]};
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_character_length(text);
    const char c = text.front();
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (length == 1 && (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20)) {
      append_escaped(out, c);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out += '"';
}

void append_number(std::string& out, const Json& json) {
  if (json.kind() == Json::Kind::integer) {
    const double value = json.as_number();
    out += value < 0 ? std::to_string(json.as_integer()) : std::to_string(json.as_unsigned());
    return;
  }
  const double value = json.as_number();
  if (!std::isfinite(value)) {
    out += "null";
  } else if (value == 0 && std::signbit(value)) {
    out += "-0.0";  // "-0" would be read as the integer 0
  } else {
    out += number_text(value);
  }
}

class Printer {
 public:
  explicit Printer(int indent) : indent_(indent) {}

  void append(const Json& json, int level) {
    switch (json.kind()) {
      case Json::Kind::null:
        out_ += "null";
        break;
      case Json::Kind::boolean:
        out_ += json.as_boolean() ? "true" : "false";
        break;
      case Json::Kind::integer:
      case Json::Kind::number:
        append_number(out_, json);
        break;
      case Json::Kind::text:
        append_text(out_, json.as_text());
        break;
      case Json::Kind::array:
        append_array(json.items(), level);
        break;
      case Json::Kind::object:
        append_object(json.members(), level);
        break;
    }
  }

  std::string take() { return std::move(out_); }

 private:
  static bool is_plain(const Json& json) { return !json.is_array() && !json.is_object(); }

  void append_array(const std::vector<Json>& items, int level) {
    const bool one_line = indent_ == 0 || std::all_of(items.begin(), items.end(), is_plain);
    out_ += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_ += one_line && indent_ > 0 ? ", " : ",";
      if (!one_line) new_line(level + 1);
      append(items[i], level + 1);
    }
    if (!one_line) new_line(level);
    out_ += ']';
  }

  void append_object(const std::vector<Json::Member>& members, int level) {
    out_ += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out_ += ',';
      new_line(level + 1);
      append_text(out_, members[i].name);
      out_ += indent_ > 0 ? ": " : ":";
      append(members[i].value, level + 1);
    }
    if (!members.empty()) new_line(level);
    out_ += '}';
  }

  void new_line(int level) {
    if (indent_ == 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_ * level), ' ');
  }

  int indent_;
  std::string out_;
};

}  // namespace

std::string print_json(const Json& json, int indent) {
  Printer printer(std::max(indent, 0));
  printer.append(json, 0);
  return printer.take();
}

}  // namespace energylens::io
