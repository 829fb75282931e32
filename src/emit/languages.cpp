// SPDX-License-Identifier: Apache-2.0
// The languages of functions and assignments: each a row of forms for language.cpp. To add one, write its row and a line in
// targets.cpp. Held by run_test.cpp.
#include "emit/languages.hpp"

#include <cmath>

#include "emit/language.hpp"

namespace energylens::emit {
namespace {

using expr::Op;

std::string plain_name(const std::string& name) {
  return name;
}

Notation notation_with(Forms forms, std::string unknown, std::string_view suffix = "") {
  return {forms,
          [unknown = std::move(unknown), suffix](double value) {
            return std::isnan(value) ? unknown : decimal_text(value) + std::string(suffix);
          },
          plain_name};
}

Language braces(Notation notation) {
  return {.notation = std::move(notation),
          .comment = "// ",
          .parameter = "double %n",
          .parameter_default = "double %n",
          .constant = "  const double %n = %v;",
          .let = "  const double %n = %v;",
          .choice = "%c ? %a : %b",
          .positive = "%v > 0",
          .not_negative = "%v >= 0",
          .stated = "%n == %n",
          .result = "  return %n;",
          .close = "}\n"};
}

}  // namespace

std::string c_text(const Subject& subject) {
  Language c = braces(notation_with(forms_of_c(), "NAN"));
  c.head =
      "// Arguments that are not stated are NAN; the functions without _all take the required ones.\n\n#include <math.h>\n";
  c.open = "double energylens_%n_all(%p) {";
  c.open_short = "double energylens_%n(%p) {";
  c.call_all = "  return energylens_%n_all(%p);";
  c.unstated = "NAN";
  c.prepare = "  (void)%n;";
  return functions_in(c, subject);
}

std::string cpp_text(const Subject& subject) {
  Language cpp = braces(notation_with(forms_of_c({{Op::power, "std::pow(%a, %b)"},
                                                  {Op::minimum, "std::fmin(%a, %b)"},
                                                  {Op::maximum, "std::fmax(%a, %b)"},
                                                  {Op::exp, "std::exp(%a)"},
                                                  {Op::log, "std::log(%a)"},
                                                  {Op::sqrt, "std::sqrt(%a)"},
                                                  {Op::abs, "std::fabs(%a)"},
                                                  {Op::floor, "std::floor(%a)"},
                                                  {Op::ceil, "std::ceil(%a)"},
                                                  {Op::sin, "std::sin(%a)"},
                                                  {Op::cos, "std::cos(%a)"},
                                                  {Op::tanh, "std::tanh(%a)"},
                                                  {Op::asin, "std::asin(%a)"},
                                                  {Op::acos, "std::acos(%a)"}}),
                                      "std::numeric_limits<double>::quiet_NaN()"));
  cpp.head =
      "// Arguments that are not stated are NaN.\n\n#pragma once\n#include <cmath>\n#include <limits>\n\n"
      "namespace energylens {\n";
  cpp.open = "inline double %n(%p) {";
  cpp.parameter_default = "double %n = %v";
  cpp.unstated = "std::numeric_limits<double>::quiet_NaN()";
  cpp.prepare = "  (void)%n;";
  cpp.tail = "\n}  // namespace energylens\n";
  return functions_in(cpp, subject);
}

std::string rust_text(const Subject& subject) {
  Language rust = braces(
      notation_with(forms_of_c({{Op::power, "%p.powf(%b)"},
                                {Op::minimum, "%p.min(%b)"},
                                {Op::maximum, "%p.max(%b)"},
                                {Op::exp, "%p.exp()"},
                                {Op::log, "%p.ln()"},
                                {Op::sqrt, "%p.sqrt()"},
                                {Op::abs, "%p.abs()"},
                                {Op::floor, "%p.floor()"},
                                {Op::ceil, "%p.ceil()"},
                                {Op::step, "(if %a > 0.0 { 1.0 } else if %a < 0.0 { 0.0 } else { 0.5 })"},
                                {Op::sin, "%p.sin()"},
                                {Op::cos, "%p.cos()"},
                                {Op::tanh, "%p.tanh()"},
                                {Op::asin, "%p.asin()"},
                                {Op::acos, "%p.acos()"}}),
                    "f64::NAN", "_f64"));
  rust.head =
      "// Arguments that are not stated are NaN; the functions without _all take the required ones.\n";
  rust.open = "#[allow(unused_variables, unused_parens, clippy::all)]\npub fn %n_all(%p) -> f64 {";
  rust.open_short = "pub fn %n(%p) -> f64 {";
  rust.call_all = "    %n_all(%p)";
  rust.parameter = rust.parameter_default = "%n: f64";
  rust.unstated = "f64::NAN";
  rust.constant = rust.let = "    let %n = %v;";
  rust.choice = "if %c { %a } else { %b }";
  rust.positive = "%v > 0.0";
  rust.not_negative = "%v >= 0.0";
  rust.result = "    %n";
  return functions_in(rust, subject);
}

std::string java_text(const Subject& subject) {
  Language java = braces(notation_with(forms_of_c({{Op::power, "Math.pow(%a, %b)"},
                                                   {Op::minimum, "Math.min(%a, %b)"},
                                                   {Op::maximum, "Math.max(%a, %b)"},
                                                   {Op::exp, "Math.exp(%a)"},
                                                   {Op::log, "Math.log(%a)"},
                                                   {Op::sqrt, "Math.sqrt(%a)"},
                                                   {Op::abs, "Math.abs(%a)"},
                                                   {Op::floor, "Math.floor(%a)"},
                                                   {Op::ceil, "Math.ceil(%a)"},
                                                   {Op::sin, "Math.sin(%a)"},
                                                   {Op::cos, "Math.cos(%a)"},
                                                   {Op::tanh, "Math.tanh(%a)"},
                                                   {Op::asin, "Math.asin(%a)"},
                                                   {Op::acos, "Math.acos(%a)"}}),
                                       "Double.NaN"));
  java.head =
      "// Arguments that are not stated are NaN; the shorter functions take the required ones.\n\n"
      "public final class EnergyLens {\nprivate EnergyLens() {}\n";
  java.open = java.open_short = "public static double %n(%p) {";
  java.call_all = "  return %n(%p);";
  java.unstated = "Double.NaN";
  java.constant = java.let = "  final double %n = %v;";
  java.tail = "}\n";
  return functions_in(java, subject);
}

std::string javascript_text(const Subject& subject) {
  Language script = braces(notation_with(forms_of_c({{Op::power, "Math.pow(%a, %b)"},
                                                     {Op::minimum, "Math.min(%a, %b)"},
                                                     {Op::maximum, "Math.max(%a, %b)"},
                                                     {Op::exp, "Math.exp(%a)"},
                                                     {Op::log, "Math.log(%a)"},
                                                     {Op::sqrt, "Math.sqrt(%a)"},
                                                     {Op::abs, "Math.abs(%a)"},
                                                     {Op::floor, "Math.floor(%a)"},
                                                     {Op::ceil, "Math.ceil(%a)"},
                                                     {Op::sin, "Math.sin(%a)"},
                                                     {Op::cos, "Math.cos(%a)"},
                                                     {Op::tanh, "Math.tanh(%a)"},
                                                     {Op::asin, "Math.asin(%a)"},
                                                     {Op::acos, "Math.acos(%a)"}}),
                                         "NaN"));
  script.head = "// Runs in browsers and in Node.\n";
  script.open = "function %n(%p) {";
  script.parameter = "%n";
  script.parameter_default = "%n = %v";
  script.unstated = "NaN";
  script.constant = script.let = "  const %n = %v;";
  script.tail = "\nif (typeof module !== \"undefined\") module.exports = {";
  std::string out = functions_in(script, subject), names;
  for (const calculation::Calculation& one : subject.calculations)
    names += (names.empty() ? "" : ", ") + one.result();
  return out + names + "};\n";
}

namespace {

Language indented(Notation notation) {
  return {.notation = std::move(notation),
          .comment = "# ",
          .open = "def %n(%p):",
          .parameter = "%n",
          .parameter_default = "%n=%v",
          .unstated = "None",
          .constant = "    %n = %v",
          .let = "    %n = %v",
          .choice = "%a if %c else %b",
          .positive = "%v > 0",
          .not_negative = "%v >= 0",
          .stated = "%n is not None",
          .result = "    return %n",
          .close = "\n"};
}

constexpr std::string_view kPythonHead = R"(
import functools
import math


def _power(base, exponent):
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def _unknown_on_error(function):
    @functools.wraps(function)
    def guarded(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except (ArithmeticError, ValueError):
            return math.nan
    return guarded

)";

}  // namespace

std::string python_text(const Subject& subject) {
  Language python = indented(notation_with(forms_of_c({{Op::power, "_power(%a, %b)"},
                                                       {Op::minimum, "min(%a, %b)"},
                                                       {Op::maximum, "max(%a, %b)"},
                                                       {Op::exp, "math.exp(%a)"},
                                                       {Op::log, "math.log(%a)"},
                                                       {Op::sqrt, "math.sqrt(%a)"},
                                                       {Op::abs, "abs(%a)"},
                                                       {Op::floor, "math.floor(%a)"},
                                                       {Op::ceil, "math.ceil(%a)"},
                                                       {Op::step, "((%p > 0) + (%p >= 0)) / 2"},
                                                       {Op::sin, "math.sin(%a)"},
                                                       {Op::cos, "math.cos(%a)"},
                                                       {Op::tanh, "math.tanh(%a)"},
                                                       {Op::asin, "math.asin(%a)"},
                                                       {Op::acos, "math.acos(%a)"}}),
                                           "math.nan"));
  python.head = kPythonHead;
  python.open = "@_unknown_on_error\ndef %n(%p):";
  return functions_in(python, subject);
}

std::string numpy_text(const Subject& subject) {
  Language numpy = indented(notation_with(forms_of_c({{Op::power, "np.power(%a, %b)"},
                                                      {Op::minimum, "np.minimum(%a, %b)"},
                                                      {Op::maximum, "np.maximum(%a, %b)"},
                                                      {Op::exp, "np.exp(%a)"},
                                                      {Op::log, "np.log(%a)"},
                                                      {Op::sqrt, "np.sqrt(%a)"},
                                                      {Op::abs, "np.abs(%a)"},
                                                      {Op::floor, "np.floor(%a)"},
                                                      {Op::ceil, "np.ceil(%a)"},
                                                      {Op::step, "np.heaviside(%a, 0.5)"},
                                                      {Op::sin, "np.sin(%a)"},
                                                      {Op::cos, "np.cos(%a)"},
                                                      {Op::tanh, "np.tanh(%a)"},
                                                      {Op::asin, "np.arcsin(%a)"},
                                                      {Op::acos, "np.arccos(%a)"}}),
                                          "np.nan"));
  numpy.head =
      "# Arguments are numbers or arrays of numbers; NaN stands for a value that is not stated.\n\nimport numpy as np\n\n";
  numpy.open = "@np.errstate(all=\"ignore\")\ndef %n(%p):";
  numpy.unstated = "np.nan";
  numpy.prepare = "    %n = np.asarray(%n, dtype=float)";
  numpy.choice = "np.where(%c, %a, %b)";
  numpy.stated = "~np.isnan(%n)";
  return functions_in(numpy, subject);
}

std::string sympy_text(const Subject& subject) {
  Language sympy = indented(notation_with(forms_of_c({{Op::power, "Pow(%a, %b)"},
                                                      {Op::minimum, "Min(%a, %b)"},
                                                      {Op::maximum, "Max(%a, %b)"},
                                                      {Op::abs, "Abs(%a)"},
                                                      {Op::ceil, "ceiling(%a)"},
                                                      {Op::step, "Heaviside(%a, 0.5)"}}),
                                          "nan"));
  sympy.head =
      "# Arguments are numbers or SymPy expressions; None stands for a value that is not stated.\n\n"
      "from sympy import (Abs, Heaviside, Max, Min, Piecewise, Pow, acos, asin, ceiling, cos, exp, floor, log,\n"
      "                   nan, sin, sqrt, sympify, tanh)\n\n";
  sympy.prepare = "    %n = None if %n is None else sympify(%n)";
  sympy.choice = "Piecewise((%a, %c), (%b, True))";
  sympy.choice_if_stated = "%a if %c else %b";
  sympy.stated = "%n is not None";
  return functions_in(sympy, subject);
}

namespace {

constexpr std::string_view kPostgresqlHead = R"(
-- Underflow is 0 here, as in other languages; PostgreSQL reports an error.
CREATE OR REPLACE FUNCTION energylens_power(base double precision, exponent double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE WHEN base <= 0 THEN power(base, exponent)
              WHEN exponent * ln(base) < -700 THEN 0 ELSE power(base, exponent) END $$;
)";

}  // namespace

std::string postgresql_text(const Subject& subject) {
  Language sql{
      .notation =
          notation_with(forms_of_c({{Op::power, "energylens_power(%a, %b)"},
                                    {Op::minimum, "LEAST(%a, %b)"},
                                    {Op::maximum, "GREATEST(%a, %b)"},
                                    {Op::log, "ln(%a)"},
                                    {Op::abs, "abs(%a)"},
                                    {Op::step, "CASE WHEN %a > 0 THEN 1 WHEN %a < 0 THEN 0 ELSE 0.5 END"}}),
                        "NULL"),
      .comment = "-- ",
      .head = kPostgresqlHead,
      .open =
          "CREATE OR REPLACE FUNCTION energylens_%n(%p)\nRETURNS double precision LANGUAGE plpgsql IMMUTABLE "
          "PARALLEL SAFE AS $$\nDECLARE",
      .parameter = "%n double precision",
      .parameter_default = "%n double precision DEFAULT %v",
      .unstated = "NULL",
      .constant = "  %n CONSTANT double precision := %v;",
      .let = "  %n double precision := %v;",
      .choice = "CASE WHEN %c THEN %a ELSE %b END",
      .positive = "%v > 0",
      .not_negative = "%v >= 0",
      .stated = "%n IS NOT NULL",
      .result = "BEGIN\n  RETURN %n;",
      .close = "END $$;\n"};
  return functions_in(sql, subject);
}

}  // namespace energylens::emit
