// SPDX-License-Identifier: Apache-2.0
// operators.cpp: the table of operators. A new operator is a member of Op, a value in values.hpp, a range in
// interval_rules.cpp and a row here. Derivative rules build with `simplified`, so that terms with a zero factor vanish. Held by
// tests/expr/operators_test.cpp: every row complete, every column used.
#include "expr/operators.hpp"

#include <array>
#include <cassert>

#include "expr/interval_rules.hpp"
#include "expr/simplify.hpp"
#include "expr/values.hpp"

namespace energylens::expr {
namespace {

Expr sum(const Expr& a, const Expr& b) {
  return simplified(Op::add, a, b);
}
Expr difference(const Expr& a, const Expr& b) {
  return simplified(Op::subtract, a, b);
}
Expr times(const Expr& a, const Expr& b) {
  return simplified(Op::multiply, a, b);
}
Expr over(const Expr& a, const Expr& b) {
  return simplified(Op::divide, a, b);
}
Expr number(double value) {
  return Expr::constant(value);
}

Expr d_add(const Term& t) {
  return sum(t.da, t.db);
}
Expr d_subtract(const Term& t) {
  return difference(t.da, t.db);
}
Expr d_multiply(const Term& t) {
  return sum(times(t.da, t.b), times(t.a, t.db));
}
// (a' - (a/b) b') / b: no square of b that might overflow.
Expr d_divide(const Term& t) {
  return over(difference(t.da, times(t.self, t.db)), t.b);
}
Expr d_power(const Term& t) {
  const Expr lower = simplified(Op::power, t.a, difference(t.b, number(1)));
  const Expr by_base = times(times(t.b, lower), t.da);
  const Expr by_exponent = times(t.self, times(simplified(Op::log, t.a), t.db));
  return sum(by_base, by_exponent);
}
// Weights step(a-b) and step(b-a) choose the operand in force, half of each at a tie.
Expr d_extremum(const Term& t, const Expr& a_leads, const Expr& b_leads) {
  return sum(times(simplified(Op::step, a_leads), t.da), times(simplified(Op::step, b_leads), t.db));
}
Expr d_minimum(const Term& t) {
  return d_extremum(t, difference(t.b, t.a), difference(t.a, t.b));
}
Expr d_maximum(const Term& t) {
  return d_extremum(t, difference(t.a, t.b), difference(t.b, t.a));
}
Expr d_negate(const Term& t) {
  return simplified(Op::negate, t.da);
}
Expr d_exp(const Term& t) {
  return times(t.self, t.da);
}
Expr d_log(const Term& t) {
  return over(t.da, t.a);
}
Expr d_sqrt(const Term& t) {
  return over(t.da, times(number(2), t.self));
}
Expr d_abs(const Term& t) {
  return times(difference(times(number(2), simplified(Op::step, t.a)), number(1)), t.da);
}
Expr d_sin(const Term& t) {
  return times(simplified(Op::cos, t.a), t.da);
}
Expr d_cos(const Term& t) {
  return simplified(Op::negate, times(simplified(Op::sin, t.a), t.da));
}
Expr d_tanh(const Term& t) {
  return times(difference(number(1), times(t.self, t.self)), t.da);
}
Expr d_asin(const Term& t) {
  return over(t.da, simplified(Op::sqrt, difference(number(1), times(t.a, t.a))));
}
Expr d_acos(const Term& t) {
  return simplified(Op::negate, d_asin(t));
}
Expr d_flat(const Term&) {
  return number(0);
}

using enum Notation;
using P = Precedence;
using U = UnitRule;

constexpr std::array<Operator, 20> kOperators{{
    {Op::add, "+", "add", 2, left_infix, P::sum, value<Op::add>, d_add, range<Op::add>, U::same,  //
     "%l + %r", "%l + %r", P::sum},
    {Op::subtract, "-", "subtract", 2, left_infix, P::sum, value<Op::subtract>, d_subtract,
     range<Op::subtract>, U::same,  //
     "%l - %r", "%l - %r", P::sum},
    {Op::multiply, "*", "multiply", 2, left_infix, P::product, value<Op::multiply>, d_multiply,
     range<Op::multiply>, U::product, "%l*%r", "%l \\cdot %r", P::product},
    {Op::divide, "/", "divide", 2, left_infix, P::product, value<Op::divide>, d_divide, range<Op::divide>,
     U::quotient,  //
     "%l/%r", "\\frac{%a}{%b}", P::power},
    {Op::power, "^", "raise to a power", 2, right_infix, P::power, value<Op::power>, d_power,
     range<Op::power>, U::power, "%l^%r", "%l^{%b}", P::power},
    {Op::minimum, "min", "take the minimum of", 2, function, P::atom, value<Op::minimum>, d_minimum,
     range<Op::minimum>, U::same, "min(%a, %b)", "\\min\\left(%a, %b\\right)", P::power},
    {Op::maximum, "max", "take the maximum of", 2, function, P::atom, value<Op::maximum>, d_maximum,
     range<Op::maximum>, U::same, "max(%a, %b)", "\\max\\left(%a, %b\\right)", P::power},
    {Op::negate, "neg", "negate", 1, prefix, P::sign, value<Op::negate>, d_negate, range<Op::negate>,
     U::keep,  //
     "-%l", "-%l", P::sign},
    {Op::exp, "exp", "take exp of", 1, function, P::atom, value<Op::exp>, d_exp, range<Op::exp>,
     U::dimensionless,  //
     "exp(%a)", "e^{%a}", P::power},
    {Op::log, "log", "take log of", 1, function, P::atom, value<Op::log>, d_log, range<Op::log>,
     U::dimensionless,  //
     "log(%a)", "\\ln\\left(%a\\right)", P::power},
    {Op::sqrt, "sqrt", "take the square root of", 1, function, P::atom, value<Op::sqrt>, d_sqrt,
     range<Op::sqrt>, U::root, "sqrt(%a)", "\\sqrt{%a}", P::power},
    {Op::abs, "abs", "take abs of", 1, function, P::atom, value<Op::abs>, d_abs, range<Op::abs>, U::keep,  //
     "abs(%a)", "\\left|%a\\right|", P::atom},
    {Op::floor, "floor", "take floor of", 1, function, P::atom, value<Op::floor>, d_flat, range<Op::floor>,
     U::dimensionless, "floor(%a)", "\\left\\lfloor %a\\right\\rfloor", P::atom},
    {Op::ceil, "ceil", "take ceil of", 1, function, P::atom, value<Op::ceil>, d_flat, range<Op::ceil>,
     U::dimensionless, "ceil(%a)", "\\left\\lceil %a\\right\\rceil", P::atom},
    {Op::step, "step", "take step of", 1, function, P::atom, value<Op::step>, d_flat, range<Op::step>,
     U::any_to_number, "step(%a)", "\\operatorname{step}\\left(%a\\right)", P::power},
    {Op::sin, "sin", "take sin of", 1, function, P::atom, value<Op::sin>, d_sin, range<Op::sin>,
     U::dimensionless,  //
     "sin(%a)", "\\sin\\left(%a\\right)", P::power},
    {Op::cos, "cos", "take cos of", 1, function, P::atom, value<Op::cos>, d_cos, range<Op::cos>,
     U::dimensionless,  //
     "cos(%a)", "\\cos\\left(%a\\right)", P::power},
    {Op::tanh, "tanh", "take tanh of", 1, function, P::atom, value<Op::tanh>, d_tanh, range<Op::tanh>,
     U::dimensionless,  //
     "tanh(%a)", "\\tanh\\left(%a\\right)", P::power},
    {Op::asin, "asin", "take asin of", 1, function, P::atom, value<Op::asin>, d_asin, range<Op::asin>,
     U::dimensionless,  //
     "asin(%a)", "\\arcsin\\left(%a\\right)", P::power},
    {Op::acos, "acos", "take acos of", 1, function, P::atom, value<Op::acos>, d_acos, range<Op::acos>,
     U::dimensionless,  //
     "acos(%a)", "\\arccos\\left(%a\\right)", P::power},
}};
static_assert(kOperators.size() + static_cast<std::size_t>(Op::add) == kOps);

}  // namespace

std::span<const Operator> operators() {
  return kOperators;
}

const Operator& operator_row(Op op) {
  assert(op >= Op::add);
  return kOperators[static_cast<std::size_t>(op) - static_cast<std::size_t>(Op::add)];
}

const Operator* find_function(std::string_view name) {
  for (const Operator& row : kOperators) {
    if (row.notation == Notation::function && row.name == name) return &row;
  }
  return nullptr;
}

int arity(Op op) noexcept {
  return op < Op::add ? 0 : operator_row(op).arity;
}

}  // namespace energylens::expr
