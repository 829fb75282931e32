// SPDX-License-Identifier: Apache-2.0
// One printer for all notations: through the postfix array with a stack of finished texts, each operator filling its form.
// Held by expression_test.cpp and by running what is emitted.
#include "emit/expression.hpp"

#include <cassert>
#include <cmath>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::emit {
namespace {

using expr::Op;

enum class Binding { sum, product, atom };

struct Text {
  std::string text;
  Binding binding = Binding::atom;
  bool number = false;  ///< contains no name
};

Binding binding_of(Op op) {
  if (op == Op::add || op == Op::subtract) return Binding::sum;
  return op == Op::multiply || op == Op::divide ? Binding::product : Binding::atom;
}

std::string within(const Text& operand, bool parentheses) {
  return parentheses ? '(' + operand.text + ')' : operand.text;
}

std::string leaf(const expr::Expr& formula, const expr::Node& node, const Notation& notation) {
  if (node.op != Op::constant) return notation.name(formula.name(node));
  const std::string text = notation.number(node.value());
  return std::signbit(node.value()) && !std::isnan(node.value()) ? '(' + text + ')' : text;
}

Text operation(Op op, const Notation& notation, const Text& left, const Text& right) {
  const Binding own = binding_of(op);
  const bool to_the_right = right.binding < own || (right.binding == own && own != Binding::atom);
  std::string_view form = notation.forms[static_cast<std::size_t>(op)];
  if (notation.form_of) {
    const std::string_view other = notation.form_of(op, left.number, right.number);
    if (!other.empty()) form = other;
  }
  const auto atom = [](const Text& one) { return within(one, one.binding != Binding::atom); };
  return {filled(form, {{'l', within(left, left.binding < own)},
                        {'r', within(right, to_the_right)},
                        {'p', atom(left)},
                        {'q', atom(right)},
                        {'a', left.text},
                        {'b', right.text}}),
          own, left.number && (expr::arity(op) == 1 || right.number)};
}

Text printed_in(const expr::Expr& formula, const Notation& notation) {
  std::vector<Text> stack;
  for (const expr::Node& node : formula.nodes()) {
    const int operands = expr::arity(node.op);
    if (operands == 0) {
      stack.push_back({leaf(formula, node, notation), Binding::atom, node.op == Op::constant});
      continue;
    }
    Text right;
    if (operands == 2) {
      right = std::move(stack.back());
      stack.pop_back();
    }
    stack.back() = operation(node.op, notation, stack.back(), right);
  }
  assert(stack.size() == 1);
  return std::move(stack.back());
}

}  // namespace

Forms forms_of_c(std::initializer_list<std::pair<Op, std::string_view>> changes) {
  Forms forms{};
  const std::initializer_list<std::pair<Op, std::string_view>> usual = {
      {Op::add, "%l + %r"},
      {Op::subtract, "%l - %r"},
      {Op::multiply, "%l * %r"},
      {Op::divide, "%l / %r"},
      {Op::power, "pow(%a, %b)"},
      {Op::minimum, "fmin(%a, %b)"},
      {Op::maximum, "fmax(%a, %b)"},
      {Op::negate, "(-%p)"},
      {Op::exp, "exp(%a)"},
      {Op::log, "log(%a)"},
      {Op::sqrt, "sqrt(%a)"},
      {Op::abs, "fabs(%a)"},
      {Op::floor, "floor(%a)"},
      {Op::ceil, "ceil(%a)"},
      {Op::step, "(%p > 0 ? 1.0 : %p < 0 ? 0.0 : 0.5)"},
      {Op::sin, "sin(%a)"},
      {Op::cos, "cos(%a)"},
      {Op::tanh, "tanh(%a)"},
      {Op::asin, "asin(%a)"},
      {Op::acos, "acos(%a)"},
  };
  for (const auto& [op, form] : usual) forms[static_cast<std::size_t>(op)] = form;
  for (const auto& [op, form] : changes) forms[static_cast<std::size_t>(op)] = form;
  return forms;
}

std::string text_of(const expr::Expr& formula, const Notation& notation) {
  return printed_in(formula, notation).text;
}

std::string operand_of(const expr::Expr& formula, const Notation& notation) {
  const Text text = printed_in(formula, notation);
  return within(text, text.binding != Binding::atom);
}

std::string filled(std::string_view form, std::initializer_list<std::pair<char, std::string>> texts) {
  std::string out;
  while (!form.empty()) {
    const std::size_t mark = form.find('%');
    out += form.substr(0, mark);
    if (mark == std::string_view::npos) break;
    for (const auto& [letter, text] : texts) {
      if (letter == form[mark + 1]) out += text;
    }
    if (form[mark + 1] == '%') out += '%';
    form.remove_prefix(mark + 2);
  }
  return out;
}

std::string decimal_text(double value) {
  const std::string text = number_text(value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

}  // namespace energylens::emit
