// SPDX-License-Identifier: Apache-2.0
// print.cpp: one printer for infix and LaTeX. Forward through the postfix array with a stack of finished
// texts; each operator fills its template from the operator table, and an operand gets parentheses where its
// text binds less tightly than its place asks for. The left operand's text is extended in place, so long sums
// take linear time. Held by the round trips in tests/expr/text_test.cpp.
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/expr/text.hpp"
#include "expr/operators.hpp"

namespace energylens::expr {
namespace {

struct Piece {
  std::string text;
  Precedence precedence = Precedence::atom;
  bool number = false;  // a constant without a sign
};

struct Style {
  std::string_view Operator::*form;
  Precedence Operator::*precedence;
  std::string_view open, close;
  bool bare_signs;  // a*-b, a^-b
  Piece (*leaf)(const Expr&, const Node&);
};

bool negative(double value) {
  return std::signbit(value) && !std::isnan(value);
}

Piece infix_leaf(const Expr& expr, const Node& node) {
  if (node.op != Op::constant) return {expr.name(node)};
  const bool sign = negative(node.value());
  return {number_text(node.value()), sign ? Precedence::sign : Precedence::atom, !sign};
}

// b12 -> b_{12}; x -> x; total_time -> \mathrm{total\_time}
std::string latex_name(const std::string& name) {
  const std::size_t digits = name.find_first_not_of("0123456789", 1);
  if (name.size() == 1 && name != "_") return name;
  if (digits == std::string::npos && name[0] != '_') return name.substr(0, 1) + "_{" + name.substr(1) + '}';
  std::string text = "\\mathrm{";
  for (const char c : name) text += c == '_' ? std::string("\\_") : std::string(1, c);
  return text + '}';
}

Piece latex_number(double value) {
  if (std::isnan(value)) return {"\\mathrm{NaN}"};
  if (std::isinf(value))
    return {value > 0 ? "\\infty" : "-\\infty", value > 0 ? Precedence::atom : Precedence::sign};
  std::string text = number_text(value);
  const std::size_t e = text.find('e');
  const bool sign = negative(value);
  if (e == std::string::npos) return {text, sign ? Precedence::sign : Precedence::atom, !sign};
  const std::string exponent = std::to_string(std::atoi(text.c_str() + e + 1));
  return {text.substr(0, e) + " \\cdot 10^{" + exponent + '}', Precedence::product};
}

Piece latex_leaf(const Expr& expr, const Node& node) {
  if (node.op == Op::constant) return latex_number(node.value());
  return {latex_name(expr.name(node))};
}

constexpr Style kInfix{&Operator::infix, &Operator::precedence, "(", ")", true, infix_leaf};
constexpr Style kLatex{&Operator::latex, &Operator::latex_precedence, "\\left(", "\\right)", false,
                       latex_leaf};

constexpr Precedence tighter(Precedence p) {
  return static_cast<Precedence>(static_cast<int>(p) + 1);
}

// The least precedence that an operand's text needs to stand without parentheses.
Precedence least(const Operator& row, bool right) {
  if (row.notation == Notation::prefix) return row.precedence;
  if (row.notation == Notation::right_infix) return right ? Precedence::sign : tighter(row.precedence);
  return right ? tighter(row.precedence) : row.precedence;
}

bool parenthesised(const Operator& row, const Style& style, const Piece& operand, bool right) {
  // -2 is one number; the operator on 2 is -(2)
  if (row.notation == Notation::prefix && operand.number) return true;
  if (right && !style.bare_signs && operand.text.starts_with('-')) return true;
  return operand.precedence < least(row, right);
}

void append_operand(std::string& text, const Style& style, const Piece& operand, bool parentheses) {
  if (parentheses) text += style.open;
  text += operand.text;
  if (parentheses) text += style.close;
}

Piece filled(const Operator& row, const Style& style, Piece left, const Piece& right) {
  Piece result;
  result.precedence = row.*style.precedence;
  std::string_view form = row.*style.form;
  if (form.starts_with("%l") && !parenthesised(row, style, left, false)) {
    result.text = std::move(left.text);
    form.remove_prefix(2);
  }
  while (!form.empty()) {
    const std::size_t mark = form.find('%');
    result.text += form.substr(0, mark);
    if (mark == std::string_view::npos) break;
    const char which = form[mark + 1];
    const bool is_right = which == 'r' || which == 'b';
    const Piece& operand = is_right ? right : left;
    const bool bare = which == 'a' || which == 'b';
    append_operand(result.text, style, operand, !bare && parenthesised(row, style, operand, is_right));
    form.remove_prefix(mark + 2);
  }
  return result;
}

std::string printed(const Expr& expr, const Style& style) {
  std::vector<Piece> stack;
  for (const Node& node : expr.nodes()) {
    const int operands = arity(node.op);
    if (operands == 0) {
      stack.push_back(style.leaf(expr, node));
      continue;
    }
    Piece right;
    if (operands == 2) {
      right = std::move(stack.back());
      stack.pop_back();
    }
    stack.back() = filled(operator_row(node.op), style, std::move(stack.back()), right);
  }
  assert(stack.size() == 1);
  return std::move(stack.back().text);
}

}  // namespace

std::string print(const Expr& expr) {
  return printed(expr, kInfix);
}

std::string print_latex(const Expr& expr) {
  return printed(expr, kLatex);
}

std::string print_postfix(const Expr& expr) {
  std::string text;
  for (const Node& node : expr.nodes()) {
    if (!text.empty()) text += ' ';
    text += arity(node.op) == 0 ? infix_leaf(expr, node).text : std::string(operator_row(node.op).name);
  }
  return text;
}

}  // namespace energylens::expr
