// SPDX-License-Identifier: Apache-2.0
// One sheet in which inputs, fitted numbers, steps and results are named cells: results are formulas over the names. The
// values that a reader sees before recalculation are computed here. Held by run_test.cpp with LibreOffice.
#include <fmt/format.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "core/file.hpp"
#include "emit/language.hpp"
#include "emit/papers.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::emit {
namespace {

using calculation::Calculation;
using calculation::Condition;
using calculation::Step;
using expr::Op;

/// The question that the sheet shows first.
table::Configuration shown_configuration(const Subject& subject) {
  return {subject.layout, {table::RowKind::job, 32, kUnknown, 512, 256}, kUnknown};
}

Notation sheet_notation(const Calculation& calculation) {
  const Forms forms = forms_of_c({{Op::power, "POWER(%a, %b)"},
                                  {Op::minimum, "MIN(%a, %b)"},
                                  {Op::maximum, "MAX(%a, %b)"},
                                  {Op::exp, "EXP(%a)"},
                                  {Op::log, "LN(%a)"},
                                  {Op::sqrt, "SQRT(%a)"},
                                  {Op::abs, "ABS(%a)"},
                                  {Op::floor, "INT(%a)"},
                                  {Op::ceil, "(-INT(-%p))"},
                                  {Op::step, "(SIGN(%a) + 1) / 2"},
                                  {Op::sin, "SIN(%a)"},
                                  {Op::cos, "COS(%a)"},
                                  {Op::tanh, "TANH(%a)"},
                                  {Op::asin, "ASIN(%a)"},
                                  {Op::acos, "ACOS(%a)"}});
  const std::string prefix = std::string(predictor::metric_text(calculation.metric)) + "_";
  std::map<std::string, std::string> names;
  for (const calculation::Input& one : calculation.inputs) names[one.name] = one.name;
  for (const calculation::Constant& one : calculation.constants) names[one.name] = prefix + one.name;
  for (const Step& one : calculation.steps) names[one.name] = prefix + one.name;
  names[calculation.result()] = calculation.result();
  return {forms, [](double value) { return std::isnan(value) ? std::string("NA()") : number_text(value); },
          [names](const std::string& name) { return names.at(name); }};
}

std::string step_formula(const Step& step, const Notation& notation) {
  const std::string value = text_of(step.value, notation);
  if (!step.when) return "=" + value;
  const std::string of = operand_of(step.when->of, notation);
  const std::string holds = step.when->kind == Condition::Kind::stated
                                ? "ISNUMBER(" + of + ")"
                                : of + (step.when->kind == Condition::Kind::positive ? ">0" : ">=0");
  return fmt::format("=IF({}, {}, {})", holds, value, text_of(step.otherwise, notation));
}

/// The sheet, filled from the top.
class Sheet {
 public:
  explicit Sheet(const std::string& path) : book_(workbook_new(path.c_str())) {
    sheet_ = workbook_add_worksheet(book_, "Model");
    bold_ = workbook_add_format(book_);
    format_set_bold(bold_);
    worksheet_set_column(sheet_, 0, 0, 28, nullptr);
    worksheet_set_column(sheet_, 1, 1, 18, nullptr);
    worksheet_set_column(sheet_, 2, 2, 90, nullptr);
  }
  void heading(const std::string& text) { worksheet_write_string(sheet_, row_++, 0, text.c_str(), bold_); }
  void line(const std::string& text) { worksheet_write_string(sheet_, row_++, 0, text.c_str(), nullptr); }
  void number(const std::string& name, double value, const std::string& meaning) {
    if (known(value)) worksheet_write_number(sheet_, row_, 1, value, nullptr);
    name_cell(name, meaning);
  }
  void formula(const std::string& name, const std::string& text, double value, const std::string& meaning) {
    worksheet_write_formula_num(sheet_, row_, 1, text.c_str(), nullptr, known(value) ? value : 0);
    name_cell(name, meaning);
  }
  void blank() { ++row_; }
  bool close() { return workbook_close(book_) == LXW_NO_ERROR; }

 private:
  void name_cell(const std::string& name, const std::string& meaning) {
    worksheet_write_string(sheet_, row_, 0, name.c_str(), nullptr);
    worksheet_write_string(sheet_, row_, 2, meaning.c_str(), nullptr);
    workbook_define_name(book_, name.c_str(), fmt::format("=Model!$B${}", row_ + 1).c_str());
    ++row_;
  }
  lxw_workbook* book_;
  lxw_worksheet* sheet_;
  lxw_format* bold_;
  lxw_row_t row_ = 0;
};

void add_calculation(const Calculation& calculation, const table::Configuration& shown, Sheet& sheet) {
  const Notation notation = sheet_notation(calculation);
  const calculation::Values values = calculation::Evaluator(calculation).values(shown);
  sheet.blank();
  sheet.heading(std::string(predictor::metric_text(calculation.metric)) + ": fitted numbers");
  for (const calculation::Constant& one : calculation.constants)
    sheet.number(notation.name(one.name), one.value,
                 one.unit + (one.meaning.empty() ? "" : ": " + one.meaning));
  sheet.heading(std::string(predictor::metric_text(calculation.metric)) + ": steps");
  for (const Step& step : calculation.steps)
    sheet.formula(notation.name(step.name), step_formula(step, notation), values.find(step.name)->second,
                  step.meaning);
}

void fill(const Subject& subject, Sheet& sheet) {
  const table::Configuration shown = shown_configuration(subject);
  sheet.heading("Energy and time of LLM inference");
  sheet.line(subject.calculations.front().subject);
  sheet.line(subject.calculations.front().origin + ". Written by " + subject.program + ".");
  sheet.blank();
  sheet.heading("Inputs: change column B; an empty cell is not stated");
  for (const calculation::Input& input : subject.calculations.front().inputs)
    sheet.number(
        input.name,
        known(input.fallback) && !input.required ? input.fallback : calculation::input_of(shown, input.name),
        input.meaning);
  for (const Calculation& one : subject.calculations) add_calculation(one, shown, sheet);
}

}  // namespace

std::string xlsx_content(const Subject& subject) {
  std::string path = (std::filesystem::temp_directory_path() / "energylens-XXXXXX").string();
  const int handle = mkstemp(path.data());
  if (handle < 0) throw Error(ErrorCode::io, {path, 0, ""}, "cannot make a temporary file");
  ::close(handle);
  Sheet sheet(path);
  fill(subject, sheet);
  const bool written = sheet.close();
  std::string content = written ? read_file(path) : std::string();
  std::filesystem::remove(path);
  if (!written) throw Error(ErrorCode::io, {path, 0, ""}, "cannot write the workbook");
  return content;
}

}  // namespace energylens::emit
