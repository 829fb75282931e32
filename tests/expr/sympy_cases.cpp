// SPDX-License-Identifier: Apache-2.0
// Prints what sympy_test.py judges, one case per line, tab-separated: formula, name, derivative, simplified
// formula.
#include <cstdio>

#include "energylens/expr/text.hpp"
#include "expr/algebra.hpp"
#include "expr/random_expression.hpp"

namespace {

using namespace energylens;
using namespace energylens::expr;

constexpr const char* kFormulas[] = {
    "(a0 + a1*batch*isl)*tp^a2*pp^a3 + osl*(b0*tp^b1*pp^b2 + b3*batch^b4*tp^b5*pp^b6 + b7*batch*(isl + "
    "osl/2))",
    "x^3 - 2*x^2 + x - 1",
    "x/(x + y)",
    "(x - y)/(x + y)^2",
    "exp(-x^2/2)/sqrt(2*3.141592653589793)",
    "x^y",
    "y^x",
    "x^x^x",
    "log(x)/log(y)",
    "sqrt(x^2 + y^2)",
    "exp(x)*log(x + 1)",
    "x^0.5*y^-1.5",
    "-(-x)",
    "0*x + 1*y - 0",
    "(x*1)^1 + 0/x",
    "x - x + y/y",
    "-x - -y",
    "-1*x*-1",
    "abs(x - y)*x",
    "max(x, y)*x - min(x^2, y)",
    "2^x*3^-x",
    "1/(1 + exp(-x))",
    "log(exp(x) + exp(y))",
    "(x + 0.1)^7/7",
    "x*(y*(x*(y*x)))",
    "((x/y)/x)/y",
    "x/(y/(x/y))",
    "step(x - 1)*x",
    "floor(x)*x + ceil(y)/x",
    "sqrt(sqrt(x))",
    "exp(log(x))",
    "log(1/x)",
    "x*sin(x*y)^2 + cos(x/y)",
    "cos(sin(x)^2 - y)*tanh(x*y)",
    "asin(x/4)*acos(y/3) + sin(acos(x/4))"};

void write_case(const Expr& e) {
  std::printf("%s\tx\t%s\t%s\n", print(e).c_str(), print(derivative(e, "x")).c_str(),
              print(simplify(e)).c_str());
}

}  // namespace

int main() {
  for (const char* text : kFormulas) write_case(parse(text));
  const Vocabulary vocabulary{
      {Op::add, Op::subtract, Op::multiply, Op::divide, Op::power, Op::negate, Op::exp, Op::log, Op::sqrt,
       Op::abs, Op::minimum, Op::maximum, Op::sin, Op::cos, Op::tanh},
      {"x", "y"},
      {},
      {0, 1, -1, 2, 0.5}};
  Rng rng(17);
  for (int i = 0; i < 60; ++i) write_case(random_expression(rng, vocabulary, 15));
}
