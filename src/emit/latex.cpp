// SPDX-License-Identifier: Apache-2.0
// The steps as equations, the fitted numbers as a table. Held by text_test.cpp.
#include <fmt/format.h>

#include <cmath>

#include "emit/papers.hpp"
#include "energylens/expr/text.hpp"

namespace energylens::emit {
namespace {

using calculation::Calculation;
using calculation::Condition;
using calculation::Step;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("_%&#$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string value_latex(const expr::Expr& value) {
  if (value.is_constant() && std::isnan(value.root().value())) return "\\text{unknown}";
  return expr::print_latex(value);
}

std::string step_latex(const Step& step) {
  const std::string name = expr::print_latex(expr::Expr::variable(step.name));
  std::string value = value_latex(step.value);
  if (step.when) {
    const std::string of = expr::print_latex(step.when->of);
    const std::string holds = step.when->kind == Condition::Kind::stated
                                  ? of + "\\text{ is stated}"
                                  : of + (step.when->kind == Condition::Kind::positive ? " > 0" : " \\ge 0");
    value = fmt::format("\\begin{{cases}} {} & {} \\\\ {} & \\text{{otherwise}} \\end{{cases}}", value, holds,
                        value_latex(step.otherwise));
  }
  const std::string meaning = step.meaning.empty() ? "" : "  % " + step.meaning;
  return fmt::format("\\begin{{dmath*}} {} = {} \\end{{dmath*}}{}\n", name, value, meaning);
}

std::string constants_latex(const Calculation& calculation) {
  std::string rows;
  for (const calculation::Constant& one : calculation.constants) {
    rows += fmt::format("${}$ & ${}$ & {} & {} \\\\\n", expr::print_latex(expr::Expr::parameter(one.name)),
                        expr::print_latex(expr::Expr::constant(one.value)),
                        one.unit == "1" ? "" : escaped(one.unit), escaped(one.meaning));
  }
  return "\\begin{tabular}{llll}\n" + rows + "\\end{tabular}\n";
}

}  // namespace

std::string latex_text(const Subject& subject) {
  const Calculation& first = subject.calculations.front();
  std::string text = fmt::format(
      "% Written by {}.\n\\documentclass{{article}}\n\\usepackage{{amsmath}}\n\\usepackage{{breqn}}\n"
      "\\begin{{document}}\n\\section*{{Energy and time of LLM inference}}\n{}. {}.\n",
      subject.program, escaped(first.subject), escaped(first.origin));
  for (const Calculation& one : subject.calculations) {
    text += fmt::format("\n\\subsection*{{{}}}\n", escaped(one.result())) + constants_latex(one);
    for (const Step& step : one.steps) text += step_latex(step);
  }
  return text + "\\end{document}\n";
}

}  // namespace energylens::emit
