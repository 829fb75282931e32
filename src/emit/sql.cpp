// SPDX-License-Identifier: Apache-2.0
// SQL without assignments. Steps become columns: a chain of SELECTs, of which each adds the steps that need only columns
// before it, so that every step is computed once. Functions of ClickHouse are one expression: there each round of steps is
// a lambda.
// Held by run_test.cpp.
#include "emit/sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "emit/language.hpp"

namespace energylens::emit {
namespace {

using calculation::Calculation;
using calculation::Condition;
using calculation::Input;
using calculation::Step;
using expr::Op;

/// A literal that is a double and not a decimal in every dialect.
std::string double_literal(double value) {
  if (std::isnan(value)) return "NULL";
  const std::string text = number_text(value);
  return text.find('e') == std::string::npos ? text + "e0" : text;
}

struct Dialect {
  Forms forms;
  std::string_view real;          ///< the type: REAL, DOUBLE
  std::string_view materialised;  ///< before the parentheses of a common table expression
};

Forms sql_forms(std::initializer_list<std::pair<Op, std::string_view>> changes) {
  Forms forms = forms_of_c({{Op::minimum, "LEAST(%a, %b)"},
                            {Op::maximum, "GREATEST(%a, %b)"},
                            {Op::log, "ln(%a)"},
                            {Op::abs, "abs(%a)"},
                            {Op::step, "CASE WHEN %a > 0 THEN 1e0 WHEN %a < 0 THEN 0e0 ELSE 0.5e0 END"}});
  for (const auto& [op, form] : changes) forms[static_cast<std::size_t>(op)] = form;
  return forms;
}

std::string condition_text(const Condition& condition, const Notation& notation) {
  const std::string value = operand_of(condition.of, notation);
  if (condition.kind == Condition::Kind::stated) return value + " IS NOT NULL";
  return value + (condition.kind == Condition::Kind::positive ? " > 0" : " >= 0");
}

std::string value_text(const Step& step, const Notation& notation) {
  const std::string value = text_of(step.value, notation);
  if (!step.when) return value;
  return fmt::format("CASE WHEN {} THEN {} ELSE {} END", condition_text(*step.when, notation), value,
                     text_of(step.otherwise, notation));
}

std::set<std::string> names_used(const Step& step) {
  std::set<std::string> out;
  for (const expr::Expr& one : {step.value, step.otherwise, step.when ? step.when->of : expr::Expr()}) {
    for (const std::string& name : one.variables()) out.insert(name);
  }
  return out;
}

/// Steps in rounds: those of each need only steps of the rounds before.
std::vector<std::vector<const Step*>> rounds_of(const Calculation& calculation) {
  std::map<std::string, std::size_t> round_of;
  std::vector<std::vector<const Step*>> rounds;
  for (const Step& step : calculation.steps) {
    std::size_t round = 0;
    for (const std::string& name : names_used(step)) {
      const auto found = round_of.find(name);
      if (found != round_of.end()) round = std::max(round, found->second + 1);
    }
    round_of[step.name] = round;
    if (round == rounds.size()) rounds.emplace_back();
    rounds[round].push_back(&step);
  }
  return rounds;
}

/// Columns of inputs begin with in_, those of steps with the letter of the metric.
Notation columns_of(const Calculation& calculation, const Dialect& dialect) {
  std::map<std::string, std::string> names;
  for (const Input& input : calculation.inputs) names[input.name] = "in_" + input.name;
  for (const calculation::Constant& constant : calculation.constants)
    names[constant.name] = double_literal(constant.value);
  const std::string prefix = calculation.metric == predictor::Metric::energy ? "e_" : "t_";
  for (const Step& step : calculation.steps) names[step.name] = prefix + step.name;
  names[calculation.result()] = calculation.result();
  return {dialect.forms, double_literal, [names](const std::string& name) {
            const std::string& text = names.at(name);
            return text.starts_with('-') ? '(' + text + ')' : text;
          }};
}

/// The SELECT list of one round.
std::string columns_text(const std::vector<const Step*>& round, const Notation& notation) {
  std::string out;
  for (const Step* step : round)
    out += fmt::format(",\n    {} AS {}", value_text(*step, notation), notation.name(step->name));
  return out;
}

std::string inputs_text(const Calculation& calculation, const Dialect& dialect, std::string_view prefix) {
  std::string out;
  for (const Input& input : calculation.inputs) {
    std::string value = fmt::format("CAST({}{} AS {})", prefix, input.name, dialect.real);
    if (known(input.fallback)) value = fmt::format("COALESCE({}, {})", value, double_literal(input.fallback));
    out += fmt::format("{}\n    {} AS in_{}", out.empty() ? "" : ",", value, input.name);
  }
  return out;
}

/// Common table expressions that compute all calculations for the rows of `source`; the last one is returned in `last`.
std::string chain_text(const Subject& subject, const Dialect& dialect, const std::string& source,
                       std::string& last) {
  int number = 0;
  const auto next = [&](const std::string& select) {
    const std::string name = "round_" + std::to_string(number++);
    const std::string text = fmt::format("{}{} AS{} (\n{}\n  FROM {})", last.empty() ? "" : ",\n", name,
                                         dialect.materialised, select, last.empty() ? source : last);
    last = name;
    return text;
  };
  std::string text = next("  SELECT *," + inputs_text(subject.calculations.front(), dialect, ""));
  for (const Calculation& calculation : subject.calculations) {
    const Notation notation = columns_of(calculation, dialect);
    for (const auto& round : rounds_of(calculation))
      text += next("  SELECT *" + columns_text(round, notation));
  }
  return text;
}

std::string results_text(const Subject& subject) {
  std::string out;
  for (const Calculation& calculation : subject.calculations)
    out += (out.empty() ? "" : ", ") + calculation.result();
  return out;
}

std::string input_names(const Calculation& calculation, std::string_view separator = ", ") {
  std::string out;
  for (const Input& input : calculation.inputs)
    out += (out.empty() ? "" : std::string(separator)) + input.name;
  return out;
}

/// A table of requests and the view `energylens_energy` over it.
std::string table_and_view(const Subject& subject, const Dialect& dialect, std::string_view create_table,
                           std::string_view table_options, std::string_view create_view) {
  const Calculation& first = subject.calculations.front();
  std::string columns = "  request_id " + std::string(dialect.real == "REAL" ? "TEXT" : "STRING");
  for (const Input& input : first.inputs) columns += fmt::format(",\n  {} {}", input.name, dialect.real);
  std::string last;
  const std::string chain = chain_text(subject, dialect, "energylens_requests", last);
  return fmt::format(
      "{}\n-- One row per configuration; columns that are NULL are not stated.\n{} energylens_requests (\n{}){};\n\n"
      "{} energylens_energy AS WITH\n{}\nSELECT request_id, {}, {} FROM {};\n",
      heading(subject, "-- "), create_table, columns, table_options, create_view, chain, input_names(first),
      results_text(subject), last);
}

}  // namespace

std::string sqlite_text(const Subject& subject) {
  const Dialect sqlite{sql_forms({{Op::minimum, "min(%a, %b)"}, {Op::maximum, "max(%a, %b)"}}), "REAL",
                       " MATERIALIZED"};
  return table_and_view(subject, sqlite, "CREATE TABLE IF NOT EXISTS", "", "CREATE VIEW");
}

std::string spark_text(const Subject& subject) {
  const Dialect spark{sql_forms({}), "DOUBLE", ""};
  return table_and_view(subject, spark, "CREATE TABLE IF NOT EXISTS", " USING parquet",
                        "CREATE OR REPLACE VIEW");
}

namespace {

std::string macro_parameters(const Calculation& calculation) {
  std::string out;
  for (const Input& input : calculation.inputs) {
    out += (out.empty() ? "" : ", ") + input.name;
    if (!input.required)
      out += " := " + (known(input.fallback) ? double_literal(input.fallback) : std::string("NULL"));
  }
  return out;
}

}  // namespace

std::string duckdb_text(const Subject& subject) {
  const Dialect duckdb{sql_forms({}), "DOUBLE", ""};
  std::string text = heading(subject, "-- ");
  for (const Calculation& calculation : subject.calculations) {
    const Notation notation = columns_of(calculation, duckdb);
    std::string select = fmt::format("SELECT {}", inputs_text(calculation, duckdb, ""));
    for (const auto& round : rounds_of(calculation))
      select = fmt::format("SELECT *{}\n  FROM ({})", columns_text(round, notation), select);
    text += fmt::format("\nCREATE OR REPLACE MACRO energylens_{}({}) AS (\n  SELECT {} FROM ({}));\n",
                        calculation.result(), macro_parameters(calculation), calculation.result(), select);
  }
  std::string last;
  const std::string chain = chain_text(subject, duckdb, "query_table(requests)", last);
  return text +
         fmt::format(
             "\n-- The rows of a table or view of which all inputs are columns, with their results: faster for many rows.\n"
             "CREATE OR REPLACE MACRO energylens_energy(requests) AS TABLE WITH\n{}\n"
             "SELECT *, {} FROM {};\n",
             chain, results_text(subject), last);
}

namespace {

/// One expression: each round of steps is a lambda over one-element arrays, whose body is the next round.
std::string nested_text(const Calculation& calculation, const Notation& notation) {
  std::string body = notation.name(calculation.result());
  std::vector<std::vector<const Step*>> rounds = rounds_of(calculation);
  std::ranges::reverse(rounds);
  for (const std::vector<const Step*>& round : rounds) {
    std::string names, values;
    for (const Step* step : round) {
      names += (names.empty() ? "" : ", ") + notation.name(step->name);
      values += ",\n    [" + value_text(*step, notation) + ']';
    }
    body = fmt::format("arrayElement(arrayMap(({}) -> {}{}), 1)", names, body, values);
  }
  return body;
}

}  // namespace

std::string clickhouse_text(const Subject& subject) {
  const Dialect clickhouse{
      sql_forms({{Op::minimum, "least(%a, %b)"}, {Op::maximum, "greatest(%a, %b)"}, {Op::log, "log(%a)"}}),
      "Float64", ""};
  std::string text =
      heading(subject, "-- ") +
      "-- NULL stands for what is not stated; the functions without _all take the required arguments.\n";
  for (const Calculation& calculation : subject.calculations) {
    std::map<std::string, std::string> names;
    for (const calculation::Constant& one : calculation.constants)
      names[one.name] = double_literal(one.value);
    const Notation notation{clickhouse.forms, double_literal, [&names](const std::string& name) {
                              const auto found = names.find(name);
                              if (found == names.end()) return name;
                              return found->second.starts_with('-') ? '(' + found->second + ')'
                                                                    : found->second;
                            }};
    std::string required, passed;
    for (const Input& input : calculation.inputs) {
      if (input.required) required += (required.empty() ? "" : ", ") + input.name;
      const std::string otherwise = known(input.fallback) ? double_literal(input.fallback) : "NULL";
      passed += (passed.empty() ? "" : ", ") + (input.required ? input.name : otherwise);
    }
    text += fmt::format(
        "\nCREATE OR REPLACE FUNCTION energylens_{0}_all AS ({1}) -> {2};\n"
        "CREATE OR REPLACE FUNCTION energylens_{0} AS ({3}) -> energylens_{0}_all({4});\n",
        calculation.result(), input_names(calculation), nested_text(calculation, notation), required, passed);
  }
  return text;
}

}  // namespace energylens::emit
