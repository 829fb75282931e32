// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/problem/columns_test.cpp.
#include "search/columns.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/file.hpp"
#include "core/named_table.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/expr/text.hpp"
#include "expr/program.hpp"
#include "io/sheet.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kFewestRows = 3, kFolds = 10;

/// A value computed from columns.
struct Quantity {
  std::string name;
  expr::Expr formula;
  Unit unit;
};

/// Reads NAME[=FORMULA][:UNIT].
Quantity quantity_of(const std::string& text) {
  const std::size_t colon = text.rfind(':'), equal = text.find('=');
  const std::string named = text.substr(0, colon);
  const std::string name = named.substr(0, equal);
  const std::string formula = equal == std::string::npos ? name : named.substr(equal + 1);
  expr::Expr::variable(name);  // throws if it is not a name
  return {name, expr::parse(formula, {{}, {}, name}),
          colon == std::string::npos ? Unit() : parse_unit(text.substr(colon + 1))};
}

/// Reads the rows of CSV files into a problem.
class Reader {
 public:
  Reader(const ColumnOptions& options, const std::vector<Quantity>& quantities)
      : options_(options),
        quantities_(quantities),
        values_(quantities.size()),
        holds_numbers_(options.where.size()) {}

  void read(const std::string& file) {
    const std::string text = read_file(file);
    io::Sheet sheet(text, file);
    bind(sheet);
    std::vector<std::pair<std::size_t, io::CellTest>> tests;
    for (const io::Condition& condition : options_.where)
      tests.emplace_back(column(sheet, condition.column), io::CellTest(condition, io::CellKind::either));
    while (sheet.next()) {
      for (std::size_t i = 0; i < tests.size(); ++i)
        holds_numbers_[i] = holds_numbers_[i] || parse_number(sheet.cell(tests[i].first));
      const auto holds = [&](const auto& test) { return test.second.holds(sheet.cell(test.first)); };
      if (std::ranges::all_of(tests, holds)) read_row(sheet);
    }
    if (sheet.cut_off()) warnings_.push_back(file + ": ignored the last line, which is cut off");
  }

  Columns finish();

 private:
  static std::size_t column(const io::Sheet& sheet, const std::string& name) {
    if (const std::optional<std::size_t> at = sheet.find(name)) return *at;
    if (name.ends_with('_')) {
      if (const auto at = sheet.find(std::string_view(name).substr(0, name.size() - 1))) return *at;
    }
    std::vector<std::string_view> names(sheet.names().begin(), sheet.names().end());
    throw Error::bad_input({sheet.place({}).file, 1, {}}, unknown_name("column", name, names));
  }

  void bind(const io::Sheet& sheet) {
    needed_.clear();
    names_.clear();
    for (const Quantity& q : quantities_) {
      for (const std::string& name : q.formula.variables()) {
        if (std::ranges::find(names_, name) != names_.end()) continue;
        names_.push_back(name);
        needed_.push_back(column(sheet, name));
      }
    }
    programs_.clear();
    for (const Quantity& q : quantities_) programs_.emplace_back(q.formula, names_);
  }

  void read_row(const io::Sheet& sheet) {
    std::vector<double> cells;
    for (const std::size_t at : needed_) cells.push_back(sheet.number(at, "a number"));
    if (!std::ranges::all_of(cells, [](double v) { return known(v); })) {
      ++blank_;
      return;
    }
    std::vector<double> row;
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
      row.push_back(programs_[q].evaluate(cells));
      if (!std::isfinite(row.back()))
        throw Error::bad_input(sheet.place({}), "\"" + quantities_[q].name + "\" is not finite here");
    }
    if (!(row.back() > 0))
      throw Error::bad_input(sheet.place({}),
                             "the target is " + number_text(row.back()) + " but must be above 0");
    std::string group;
    for (const std::string& name : options_.group_by)
      group += (group.empty() ? "" : ", ") + std::string(sheet.cell(column(sheet, name)));
    for (std::size_t q = 0; q < row.size(); ++q) values_[q].push_back(row[q]);
    groups_.push_back(std::move(group));
  }

  /// Throws if the conditions selected no row, with the reason.
  void refuse_no_rows() const {
    if (options_.where.empty() || !groups_.empty() || blank_ > 0) return;
    std::string all;
    for (std::size_t i = 0; i < options_.where.size(); ++i) {
      const io::Condition& one = options_.where[i];
      if (one.op != "=" && one.op != "!=" && !holds_numbers_[i])
        io::refuse_condition(one, "this column contains text, which can only be compared with = and !=");
      all += (all.empty() ? "" : " and ") + one.column + one.op + one.value;
    }
    throw Error::bad_input({}, "no rows where " + all);
  }

  const ColumnOptions& options_;
  const std::vector<Quantity>& quantities_;  // the last one is the target
  std::vector<std::string> names_;
  std::vector<std::size_t> needed_;
  std::vector<expr::Program> programs_;
  std::vector<std::vector<double>> values_;
  std::vector<std::string> groups_, warnings_;
  std::vector<bool> holds_numbers_;  // whether the column of a condition does, in any file
  std::size_t blank_ = 0;
};

Columns Reader::finish() {
  refuse_no_rows();
  std::map<std::string, std::size_t> rows_of;
  for (const std::string& group : groups_) ++rows_of[group];
  std::map<std::string, std::size_t> index_of;
  Columns out;
  Problem& p = out.problem;
  for (const auto& [group, rows] : rows_of) {
    if (rows < kFewestRows) {
      warnings_.push_back(group + ": only " + std::to_string(rows) + " rows, the group was ignored");
      continue;
    }
    index_of.emplace(group, p.group_names.size());
    p.group_names.push_back(group);
  }
  for (const Quantity& q : quantities_) p.inputs.push_back({q.name, q.unit, {}});
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const auto at = index_of.find(groups_[i]);
    if (at == index_of.end()) continue;
    p.groups.push_back(at->second);
    for (std::size_t q = 0; q < quantities_.size(); ++q) p.inputs[q].values.push_back(values_[q][i]);
  }
  p.target_name = quantities_.back().name;
  p.target_unit = quantities_.back().unit;
  p.target = std::move(p.inputs.back().values);
  p.inputs.pop_back();
  if (p.target.empty())
    throw Error::bad_input({}, "no group has " + std::to_string(kFewestRows) + " rows that can be used");
  p.form = options_.form;
  const std::vector<std::size_t> order = shuffled_order(0, p.rows());
  p.folds.resize(p.rows());
  std::vector<std::size_t> seen(p.group_count());
  for (const std::size_t i : order) p.folds[i] = seen[p.groups[i]]++ % kFolds;
  const std::vector<std::string> constants = set_constants_aside(p);
  if (p.inputs.empty()) {
    throw Error::bad_input({}, "every input has the same value in all rows, so no effect can be determined");
  }
  for (const std::string& name : constants)
    warnings_.push_back("\"" + name + "\" has the same value in all rows and is not used as an input");
  if (blank_ > 0) warnings_.push_back(std::to_string(blank_) + " rows with blank cells were ignored");
  out.warnings = std::move(warnings_);
  return out;
}

}  // namespace

Columns columns(std::span<const std::string> files, const ColumnOptions& options) {
  std::vector<Quantity> quantities;
  for (const std::string& input : options.inputs) quantities.push_back(quantity_of(input));
  quantities.push_back(quantity_of(options.target));
  Reader reader(options, quantities);
  for (const std::string& file : files) reader.read(file);
  return reader.finish();
}

Options column_options(const Columns& columns) {
  Options options;
  options.loss = Loss::log_error;
  options.positive_coefficients = true;
  options.real_exponents = true;
  options.constant_units = {columns.problem.target_unit};
  options.operators = {{"+", 1}, {"*", 1}, {"/", 1}, {"^", 1}};
  return options;
}

}  // namespace energylens::search
