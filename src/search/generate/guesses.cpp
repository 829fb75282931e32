// SPDX-License-Identifier: Apache-2.0
// guesses.cpp: formulas that the user asks the search to start from. If a guess cannot be fitted, the reason
// is reported. Tested by tests/search/evolve/search_test.cpp.
#include "search/generate/guesses.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "search/problem/operators.hpp"
#include "search/tree/printing.hpp"
#include "search/tree/to_expr.hpp"

namespace energylens::search {
namespace {

/// Far more than a formula that can be fitted has; a longer one takes time to bring to canonical form.
constexpr std::size_t kMostNodes = 500;

/// Reads "a*x + y^2", or for a form with several parts "prefill = a*isl; decode = b".
Tree parsed(const std::string& guess, const Form& form, const PrimitiveSet& primitives) {
  Tree tree;
  tree.parts.resize(form.parts.size());
  std::size_t begin = 0;
  while (begin <= guess.size()) {
    const std::size_t end = std::min(guess.find(';', begin), guess.size());
    std::string text = guess.substr(begin, end - begin);
    begin = end + 1;
    std::size_t part = 0;
    if (const std::size_t equal = text.find('='); equal != std::string::npos) {
      std::string name = text.substr(0, equal);
      std::erase(name, ' ');
      while (part < form.parts.size() && form.parts[part].name != name) ++part;
      if (part == form.parts.size())
        throw Error::bad_input({"--guess", 0, {}}, "the form has no part \"" + name + "\"");
      text.erase(0, equal + 1);
    } else if (form.parts.size() > 1) {
      throw Error::bad_input({"--guess", 0, {}}, "for a form with parts, write a guess as \"" +
                                                     form.parts[0].name + " = ...; ...\"");
    }
    expr::Expr formula = expr::parse(text, {{}, {}, "--guess"});
    if (formula.nodes().size() > kMostNodes)
      throw Error::bad_input({"--guess", 0, {}}, "a guess has at most " + std::to_string(kMostNodes) +
                                                     " numbers, names and operators, not " +
                                                     std::to_string(formula.nodes().size()));
    for (const std::string& name : formula.variables()) {
      if (std::find(primitives.names.begin(), primitives.names.end(), name) == primitives.names.end()) {
        formula = expr::substitute(formula, name, expr::Expr::parameter(name + "_fitted"));
      }
    }
    tree.parts[part] = from_expr(formula, primitives.names);
  }
  return tree;
}

/// Whether all numbers are finite, unlike in 1/0.
bool finite_numbers(const Sum& sum) {
  return std::all_of(sum.begin(), sum.end(), [](const Term& term) {
    return std::isfinite(term.coefficient) &&
           std::all_of(term.factors.begin(), term.factors.end(), [](const Factor& f) {
             return std::isfinite(f.exponent) && finite_numbers(f.argument) && finite_numbers(f.second);
           });
  });
}

/// Whether every term is finite at every point, with the constants in the tree.
bool finite_values(const Tree& tree, const Dataset& dataset) {
  Scratch scratch;
  TermEvaluator evaluator(dataset, scratch);
  std::vector<double> points(dataset.points);
  const auto finite = [](double value) { return std::isfinite(value); };
  return std::all_of(tree.parts.begin(), tree.parts.end(), [&](const Sum& part) {
    return std::all_of(part.begin(), part.end(), [&](const Term& term) {
      evaluator.term(term, points.data(), nullptr);
      return std::all_of(points.begin(), points.end(), finite);
    });
  });
}

/// The first function that is not among the operators; empty if all are.
std::string_view unlisted_function(const Sum& sum, const OperatorCosts& costs) {
  for (const Term& term : sum) {
    for (const Factor& f : term.factors) {
      if (f.kind == Factor::Kind::function && costs[f.function] == kForbidden) {
        for (const auto& [name, op] : known_operators()) {
          if (op == f.function) return name;
        }
      }
      for (const Sum* inner : {&f.argument, &f.second}) {
        const std::string_view name = unlisted_function(*inner, costs);
        if (!name.empty()) return name;
      }
    }
  }
  return {};
}

bool fits(const Tree& tree, const SearchContext& context) {
  Tree expanded = tree;
  expand(expanded, context.primitives.positive);
  CandidateEvaluator evaluator(context);
  return evaluator.evaluate(tree, nullptr) || evaluator.evaluate(expanded, nullptr);
}

/// Why the guess cannot be fitted; empty if it can.
std::string obstacle(const std::string& guess, const SearchContext& context, const Form& form) {
  const PrimitiveSet& primitives = context.primitives;
  const Tree written = parsed(guess, form, primitives);
  if (!std::all_of(written.parts.begin(), written.parts.end(), finite_numbers))
    return "it is not finite at every row";
  const Tree tree = guess_tree(guess, form, primitives);
  if (fits(tree, context)) return {};
  for (const Sum& part : tree.parts) {
    const std::string_view name = unlisted_function(part, primitives.costs);
    if (!name.empty()) return "it uses " + std::string(name) + ", which is not among the operators";
  }
  const double cost = complexity(tree, primitives.costs);
  if (cost == kForbidden) return "it uses an operator that is not among the operators given";
  if (cost > primitives.max_complexity) return "it exceeds the maximum complexity";
  if (!finite_values(tree, context.dataset)) return "it is not finite at every row";
  return "no constants allowed by the options fit the rows";
}

}  // namespace

Tree guess_tree(const std::string& guess, const Form& form, const PrimitiveSet& primitives) {
  Tree tree = parsed(guess, form, primitives);
  canonicalise(tree, primitives.positive);
  if (!typed(tree, primitives))
    throw Error::bad_input({"--guess", 0, {}}, "the units of \"" + guess + "\" are inconsistent");
  return tree;
}

std::vector<std::string> unfitted_guesses(const SearchContext& context, const Form& form) {
  std::vector<std::string> out;
  const std::vector<std::string>& guesses = context.options.guesses;
  for (std::size_t i = 0; i < guesses.size(); ++i) {
    const std::string why = obstacle(guesses[i], context, form);
    if (!why.empty()) out.push_back("guess " + std::to_string(i + 1) + " could not be fitted: " + why);
  }
  return out;
}

}  // namespace energylens::search
