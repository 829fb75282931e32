// SPDX-License-Identifier: Apache-2.0
// parse.cpp: recursive descent that emits postfix nodes as it goes:
//   sum     := product { ('+' | '-') product }
//   product := signed { ('*' | '/') signed }
//   signed  := '-' signed | primary [ '^' signed ]
//   primary := number | name | name '(' sum { ',' sum } ')' | '(' sum ')'
// Only `signed` recurses into itself or, through primary, into sum; it counts its depth, so that no text
// overflows the stack. Held by tests/expr/text_test.cpp and the corpus of fuzz/expr_fuzz.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/named_table.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/expr/text.hpp"
#include "expr/builder.hpp"
#include "expr/operators.hpp"

namespace energylens::expr {
namespace {

constexpr int kMaxDepth = 1000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool holds(std::span<const std::string> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A text being read: the position in it, and errors with that position.
class Source {
 public:
  Source(std::string_view text, const ParseOptions& options) : text_(text), options_(options) {}

  std::size_t position() const { return position_; }
  void skip_blanks() {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
  }
  /// The character at the position plus `ahead`; 0 behind the end.
  char peek(std::size_t ahead = 0) const {
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }
  bool at_end() {
    skip_blanks();
    return position_ == text_.size();
  }
  bool accept(char wanted) {
    if (at_end() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }
  template <typename Predicate>
  std::string_view take_while(Predicate wanted) {
    const std::size_t begin = position_;
    while (position_ < text_.size() && wanted(text_[position_])) ++position_;
    return text_.substr(begin, position_ - begin);
  }
  /// Digits, a point, an exponent: what parse_number may read.
  std::string_view take_number() {
    const std::size_t begin = position_;
    take_while(is_digit);
    if (peek() == '.') ++position_;
    take_while(is_digit);
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(sign))) {
      position_ += sign;
      take_while(is_digit);
    }
    return text_.substr(begin, position_ - begin);
  }

  /// Throws Error at byte `position`; columns count characters, not bytes.
  [[noreturn]] void fail(std::size_t position, const std::string& message) const {
    const std::string_view before = text_.substr(0, position);
    const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column =
        1 + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                          [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    throw Error::bad_input({std::string(options_.source), line, std::to_string(column)}, message);
  }

  /// Pushes a number, or fails.
  void push_number(Builder& builder, std::size_t begin, std::string_view text) const {
    const std::optional<double> value = parse_number(text);
    if (!value) fail(begin, quote(text) + " is not a number within the range of double");
    builder.constant(*value);
  }

  /// Pushes a parameter or variable, or fails.
  void push_name(Builder& builder, std::size_t begin, std::string_view name) const {
    const bool parameter = holds(options_.parameters, name);
    if (!parameter && !options_.variables.empty() && !holds(options_.variables, name))
      fail_unknown(begin, name);
    try {
      builder.symbol(parameter ? Op::parameter : Op::variable, name);
    } catch (const Error& error) {
      fail(begin, error.message());
    }
  }

 private:
  [[noreturn]] void fail_unknown(std::size_t begin, std::string_view name) const {
    std::vector<std::string_view> names(options_.variables.begin(), options_.variables.end());
    names.insert(names.end(), options_.parameters.begin(), options_.parameters.end());
    fail(begin, unknown_name("name", name, names));
  }

  std::string_view text_;
  const ParseOptions& options_;
  std::size_t position_ = 0;
};

class Parser {
 public:
  Parser(std::string_view text, const ParseOptions& options) : source_(text, options) {}

  Expr whole() {
    sum();
    if (!source_.at_end()) source_.fail(source_.position(), "expected an operator");
    return builder_.finish();
  }

 private:
  void sum() {
    product();
    while (true) {
      if (source_.accept('+')) {
        product();
        builder_.operation(Op::add);
      } else if (source_.accept('-')) {
        product();
        builder_.operation(Op::subtract);
      } else {
        return;
      }
    }
  }

  void product() {
    signed_operand();
    while (true) {
      if (source_.accept('*')) {
        signed_operand();
        builder_.operation(Op::multiply);
      } else if (source_.accept('/')) {
        signed_operand();
        builder_.operation(Op::divide);
      } else {
        return;
      }
    }
  }

  void signed_operand() {
    source_.skip_blanks();
    if (++depth_ > kMaxDepth) source_.fail(source_.position(), "more than 1000 nested operands");
    if (source_.accept('-')) {
      negated();
    } else {
      primary();
      if (source_.accept('^')) {
        signed_operand();
        builder_.operation(Op::power);
      }
    }
    --depth_;
  }

  // A sign directly before a number belongs to it, unless a power follows: -2^x is -(2^x).
  void negated() {
    source_.skip_blanks();
    const bool literal = source_.peek() != '-' && source_.peek() != '(';
    signed_operand();
    if (literal && builder_.last().op == Op::constant) {
      builder_.last() = constant_node(-builder_.last().value());
    } else {
      builder_.operation(Op::negate);
    }
  }

  void primary() {
    source_.skip_blanks();
    const std::size_t begin = source_.position();
    const char next = source_.peek();
    if (is_digit(next) || (next == '.' && is_digit(source_.peek(1)))) {
      source_.push_number(builder_, begin, source_.take_number());
    } else if (is_letter(next)) {
      named(begin, source_.take_while([](char c) { return is_letter(c) || is_digit(c); }));
    } else if (source_.accept('(')) {
      sum();
      if (!source_.accept(')')) source_.fail(source_.position(), "expected ')'");
    } else {
      source_.fail(begin, "expected an operand");
    }
  }

  void named(std::size_t begin, std::string_view name) {
    const Operator* row = find_function(name);
    if (source_.accept('(')) {
      if (!row) source_.fail(begin, "unknown function " + quote(name));
      call(begin, *row);
    } else if (row) {
      source_.fail(source_.position(), "expected '(' after " + std::string(name));
    } else if (name == "inf" || name == "nan") {
      builder_.constant(name == "inf" ? INFINITY : NAN);
    } else {
      source_.push_name(builder_, begin, name);
    }
  }

  void call(std::size_t begin, const Operator& row) {
    int operands = 0;
    do {
      sum();
      ++operands;
    } while (source_.accept(','));
    if (!source_.accept(')')) source_.fail(source_.position(), "expected ')'");
    if (operands != row.arity) {
      const auto arity = static_cast<std::size_t>(row.arity);
      source_.fail(begin, fmt::format("{} takes {}, not {}", row.name, plural(arity, "operand"), operands));
    }
    builder_.operation(row.op);
  }

  Source source_;
  Builder builder_;
  int depth_ = 0;
};

std::optional<double> special_number(std::string_view word) {
  if (word == "inf") return INFINITY;
  if (word == "-inf") return -INFINITY;
  if (word == "nan") return NAN;
  return std::nullopt;
}

void push_word(Source& source, Builder& builder, std::size_t& waiting, std::string_view word) {
  const std::size_t begin = source.position() - word.size();
  const auto rows = operators();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Operator& r) { return r.name == word; });
  if (row != rows.end()) {
    const auto arity = static_cast<std::size_t>(row->arity);
    if (waiting < arity) source.fail(begin, quote(word) + " lacks an operand");
    waiting -= arity - 1;
    builder.operation(row->op);
    return;
  }
  ++waiting;
  if (const std::optional<double> number = special_number(word)) {
    builder.constant(*number);
  } else if (is_letter(word[0])) {
    source.push_name(builder, begin, word);
  } else {
    source.push_number(builder, begin, word);
  }
}

}  // namespace

Expr parse(std::string_view text, const ParseOptions& options) {
  return Parser(text, options).whole();
}

Expr parse_postfix(std::string_view text, const ParseOptions& options) {
  Source source(text, options);
  Builder builder;
  std::size_t waiting = 0;
  while (!source.at_end()) {
    push_word(source, builder, waiting, source.take_while([](char c) { return !is_blank(c); }));
  }
  if (waiting == 0) source.fail(source.position(), "expected an operand");
  if (waiting > 1) source.fail(source.position(), "expected an operator");
  return builder.finish();
}

}  // namespace energylens::expr
