// SPDX-License-Identifier: Apache-2.0
// The programme goes to CBC as text and its solution comes back as text. Held by milp_test.cpp.
#include "fleet/milp.hpp"

#include <charconv>
#include <sstream>
#include <string_view>

#include "core/child.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::fleet {
namespace {

constexpr std::string_view kMissing =
    "plan requires the solver CBC; install the package coinor-cbc (Debian, Ubuntu) or cbc";
constexpr int kSeconds = 60;  // for one programme

std::string variable_name(std::size_t index) {
  return "x" + std::to_string(index);
}

std::string row_name(std::size_t index) {
  return "r" + std::to_string(index);
}

}  // namespace

std::size_t IntegerProgram::add_variable(double cost, bool whole) {
  variables_.push_back({cost, whole, {}});
  return variables_.size() - 1;
}

std::size_t IntegerProgram::add_row(Sense sense, double right_side) {
  rows_.push_back({sense, right_side});
  return rows_.size() - 1;
}

void IntegerProgram::add(std::size_t row, std::size_t variable, double coefficient) {
  variables_[variable].entries.push_back({row, coefficient});
}

std::string IntegerProgram::mps() const {
  std::string text = "NAME fleet FREE\nROWS\n N cost\n";
  for (std::size_t i = 0; i < rows_.size(); ++i)
    text += (rows_[i].sense == Sense::equal ? " E " : " L ") + row_name(i) + '\n';
  text += "COLUMNS\n";
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const std::string name = ' ' + variable_name(i) + ' ';
    text += name + "cost " + number_text(variables_[i].cost) + '\n';
    for (const Entry& entry : variables_[i].entries)
      text += name + row_name(entry.row) + ' ' + number_text(entry.coefficient) + '\n';
  }
  text += "RHS\n";
  for (std::size_t i = 0; i < rows_.size(); ++i)
    text += " rhs " + row_name(i) + ' ' + number_text(rows_[i].right_side) + '\n';
  text += "BOUNDS\n";
  for (std::size_t i = 0; i < variables_.size(); ++i)
    text += (variables_[i].whole ? " LI bound " : " LO bound ") + variable_name(i) + " 0\n";
  for (std::size_t i = 0; i < variables_.size(); ++i) text += " PL bound " + variable_name(i) + '\n';
  return text + "ENDATA\n";
}

std::vector<double> IntegerProgram::solve(double gap) const {
  const ChildResult result = run_child({"cbc", "-import", "stdin", "-ratio", number_text(gap), "-seconds",
                                        std::to_string(kSeconds), "-solve", "-solution", "$"},
                                       mps(), kMissing);
  std::vector<double> values(variables_.size(), 0);
  bool solved = false;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) {
    // "Optimal - objective value 3", then "   7 x7   2   0" for each variable that is not 0.
    if (line.find("- objective value") != std::string::npos)
      solved = line.starts_with("Optimal") || line.starts_with("Stopped on");
    std::istringstream words(line);
    std::size_t index = 0;
    std::string name;
    double value = 0;
    if (words >> index >> name >> value && index < values.size() && name == variable_name(index))
      values[index] = value;
  }
  if (result.code != 0 || !solved)
    throw Error(ErrorCode::io, {}, "CBC found no plan: " + result.err + result.out);
  return values;
}

}  // namespace energylens::fleet
