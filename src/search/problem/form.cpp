// SPDX-License-Identifier: Apache-2.0
// form.cpp: calls of unknown functions are cut out of the text and replaced by variables; the rest is parsed
// like any formula. A part enters linearly if the derivative by it contains no part; that derivative is its
// multiplier. Tested by tests/search/problem/form_test.cpp.
#include "search/problem/form.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <string_view>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "expr/algebra.hpp"

namespace energylens::search {
namespace {

constexpr std::string_view kFunctions[] = {"exp",  "log",  "sqrt", "abs", "floor",
                                           "ceil", "step", "min",  "max"};

bool letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
}
bool name_character(char c) {
  return letter(c) || std::isdigit(static_cast<unsigned char>(c));
}

[[noreturn]] void refuse_form(const std::string& what) {
  throw Error::bad_input({"form", 0, {}}, what);
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

bool is_constant(const Problem& problem, const std::string& name) {
  return std::any_of(problem.constants.begin(), problem.constants.end(),
                     [&](const Constancy& c) { return c.name == name; });
}

std::size_t input_index(const Problem& problem, const std::string& name) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < problem.inputs.size(); ++i) {
    if (problem.inputs[i].name == name) return i;
    names.push_back(problem.inputs[i].name);
  }
  refuse_form(unknown_name("column", name, names));
}

/// Where an input is allowed, so is the same input normalised.
void add_normalised(const Problem& problem, FormPart& part) {
  for (std::size_t i = 0; i < problem.inputs.size(); ++i) {
    const auto is_base = [&](std::size_t of) {
      return problem.inputs[of].name == problem.inputs[i].normalised_from;
    };
    if (std::any_of(part.inputs.begin(), part.inputs.end(), is_base)) part.inputs.push_back(i);
  }
}

FormPart part_of(const Problem& problem, const std::string& name, std::string_view arguments) {
  FormPart part{name, {}};
  while (!arguments.empty()) {
    const std::size_t comma = std::min(arguments.find(','), arguments.size());
    const std::string argument = trimmed(arguments.substr(0, comma));
    arguments.remove_prefix(std::min(comma + 1, arguments.size()));
    if (is_constant(problem, argument)) continue;
    const std::size_t input = input_index(problem, argument);
    if (std::find(part.inputs.begin(), part.inputs.end(), input) == part.inputs.end())
      part.inputs.push_back(input);
  }
  if (part.inputs.empty()) refuse_form("the part \"" + name + "\" has no inputs");
  add_normalised(problem, part);
  std::sort(part.inputs.begin(), part.inputs.end());
  return part;
}

/// Cuts "name(a, b)" out of the text unless `name` is a known function, and leaves "name".
std::string cut_parts(const Problem& problem, Form& form) {
  const std::string_view text = problem.form;
  std::string left;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && name_character(text[end])) ++end;
    if (end == i) {
      left += text[i++];
      continue;
    }
    const std::string name(text.substr(i, end - i));
    left += name;
    i = end;
    const bool function =
        std::find(std::begin(kFunctions), std::end(kFunctions), name) != std::end(kFunctions);
    if (!letter(name[0]) || function || i == text.size() || text[i] != '(') continue;
    const std::size_t close = text.find(')', i);
    if (close == std::string_view::npos) refuse_form("missing \")\" after the part \"" + name + "\"");
    form.parts.push_back(part_of(problem, name, text.substr(i + 1, close - i - 1)));
    i = close + 1;
  }
  return left;
}

void check_names(const Problem& problem, const Form& form) {
  for (const std::string& name : form.whole.variables()) {
    const auto same = [&](const FormPart& p) { return p.name == name; };
    if (std::none_of(form.parts.begin(), form.parts.end(), same)) input_index(problem, name);
  }
}

bool names_a_part(const expr::Expr& e, const Form& form) {
  const std::vector<std::string> names = e.variables();
  return std::any_of(form.parts.begin(), form.parts.end(), [&](const FormPart& p) {
    return std::find(names.begin(), names.end(), p.name) != names.end();
  });
}

void find_multipliers(Form& form) {
  form.given = form.whole;
  for (FormPart& part : form.parts) {
    part.multiplier = expr::simplify(expr::derivative(form.whole, part.name));
    if (names_a_part(part.multiplier, form)) {
      refuse_form("the form must be a sum of parts times given factors; \"" + part.name +
                  "\" does not enter that way");
    }
    form.given = expr::substitute(form.given, part.name, expr::Expr::constant(0));
  }
  form.given = expr::simplify(form.given);
}

Form bare_form(const Problem& problem) {
  Form form;
  FormPart part{"f", std::vector<std::size_t>(problem.inputs.size())};
  std::iota(part.inputs.begin(), part.inputs.end(), std::size_t{0});
  form.parts.push_back(std::move(part));
  form.whole = expr::Expr::variable("f");
  return form;
}

}  // namespace

Form read_form(const Problem& problem) {
  if (trimmed(problem.form).empty()) return bare_form(problem);
  Form form;
  form.bare = false;
  const std::string left = cut_parts(problem, form);
  if (form.parts.empty()) refuse_form("there is no free part such as f(x, y)");
  for (const FormPart& part : form.parts) {
    const auto same = [&](const FormPart& p) { return p.name == part.name; };
    if (std::count_if(form.parts.begin(), form.parts.end(), same) > 1)
      refuse_form("the part \"" + part.name + "\" occurs twice");
    for (const Input& input : problem.inputs) {
      if (input.name == part.name) refuse_form("\"" + part.name + "\" is both a part and a column");
    }
  }
  form.whole = expr::parse(left, {{}, {}, "form"});
  for (const Constancy& c : problem.constants) {
    form.whole = expr::substitute(form.whole, c.name, expr::Expr::constant(c.value));
  }
  check_names(problem, form);
  find_multipliers(form);
  return form;
}

}  // namespace energylens::search
