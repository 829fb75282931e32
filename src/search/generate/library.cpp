// SPDX-License-Identifier: Apache-2.0
// library.cpp: columns of small terms, as vectors in which the squared error is a squared length. If there
// are many rows, every n-th is used. Tested by tests/search/generate/seeds_test.cpp and sums_test.cpp.
#include "search/generate/library.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "search/fit/term_evaluator.hpp"
#include "search/generate/factors.hpp"
#include "search/generate/grow.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kMostColumns = 2000, kMostWide = 6000, kMostRows = 240;
constexpr double kMostWork = 2.5e8;  // multiplications to compare all pairs

std::vector<double> column_of(const Dataset& dataset, const Goal& goal, TermEvaluator& evaluator,
                              std::size_t part, const Term& term) {
  std::vector<double> points(dataset.points), column(dataset.rows);
  evaluator.term(term, points.data(), nullptr);
  for (std::size_t i = 0; i < dataset.multipliers[part].size(); ++i)
    points[i] *= dataset.multipliers[part][i];
  dataset.add_up(points.data(), column.data());
  for (std::size_t r = 0; r < goal.rows.size(); ++r) column[r] = column[goal.rows[r]] * goal.factor[r];
  column.resize(goal.rows.size());
  return column;
}

void add_column(const SearchContext& context, const Goal& goal, TermEvaluator& evaluator, std::size_t part,
                Term term, double degree, Library& out) {
  std::vector<double> column = column_of(context.dataset, goal, evaluator, part, term);
  if (!finite(column)) return;
  out.terms.push_back(std::move(term));
  out.part.push_back(part);
  out.degree.push_back(degree);
  out.columns.push_back(std::move(column));
}

/// Adds products with one bracket or function, by rising degree.
void add_factors(const SearchContext& context, const Goal& goal, TermEvaluator& evaluator, std::size_t p,
                 const Dims& dims, std::size_t most, Library& out) {
  constexpr std::size_t kFactors = 1500, kOuter = 40;
  constexpr double kHighest = 9;
  const PrimitiveSet& primitives = context.primitives;
  const PartPrimitives& part = primitives.parts[p];
  struct Product {
    double degree;
    std::size_t factor, outer;
  };
  std::vector<Factor> factors;
  std::vector<Product> products;  // many more than factors; most of them never become terms
  for (const GradedFactor& graded : factor_library(primitives, part, kFactors)) {
    const bool exponential =
        graded.factor.kind == Factor::Kind::function && graded.factor.function == expr::Op::exp;
    for (const double exponent : {1.0, -1.0, 2.0, -2.0}) {
      if (exponent < 0 && !primitives.quotients) continue;
      if (exponent == 1 && graded.factor.kind == Factor::Kind::bracket)
        continue;  // it is a sum of other columns
      Factor f = graded.factor;
      f.exponent = exponential ? 1 : exponent;
      if (exponential) {
        if (exponent < 0 && !primitives.differences) continue;
        f.argument[0].coefficient *= exponent;
      }
      const double degree = graded.degree + std::fabs(exponent) - 1 + (exponent < 0 ? 0.5 : 0);
      std::size_t taken = 0;
      for (const std::size_t outer : part.of(dims - dims_of_factor(f, primitives))) {
        if (++taken > kOuter || degree + part.monomials[outer].degree > kHighest) break;
        products.push_back({degree + part.monomials[outer].degree, factors.size(), outer});
      }
      factors.push_back(std::move(f));
    }
  }
  std::stable_sort(products.begin(), products.end(),
                   [](const Product& x, const Product& y) { return x.degree < y.degree; });
  for (const Product& product : products) {
    if (out.terms.size() >= most) return;
    Term term{1, true, part.monomials[product.outer].factors};
    term.factors.push_back(factors[product.factor]);
    add_column(context, goal, evaluator, p, std::move(term), product.degree, out);
  }
}

/// Adds squares of sums and differences of two inputs, times products of inputs, as in squared distances.
void add_squares(const SearchContext& context, const Goal& goal, TermEvaluator& evaluator, std::size_t p,
                 const Dims& dims, std::size_t most, Library& out) {
  constexpr std::size_t kOuter = 6;
  const PrimitiveSet& primitives = context.primitives;
  const PartPrimitives& part = primitives.parts[p];
  for (std::size_t i = 0; i < part.inputs.size(); ++i) {
    for (std::size_t j = i + 1; j < part.inputs.size(); ++j) {
      const Dims& base = primitives.input_dims[part.inputs[i]];
      if (base != primitives.input_dims[part.inputs[j]]) continue;
      for (const double sign : {-1.0, 1.0}) {
        if (sign < 0 && !primitives.differences) continue;
        Factor f;
        f.kind = Factor::Kind::bracket;
        f.exponent = 2;
        f.argument = {{1, false, {input_factor(part.inputs[i])}},
                      {sign, false, {input_factor(part.inputs[j])}}};
        std::size_t taken = 0;
        for (const std::size_t outer : part.of(dims - base - base)) {
          if (++taken > kOuter || out.terms.size() >= most) break;
          Term term{1, true, part.monomials[outer].factors};
          term.factors.push_back(f);
          add_column(context, goal, evaluator, p, std::move(term), part.monomials[outer].degree + 2, out);
        }
      }
    }
  }
}

}  // namespace

Goal goal_of(const SearchContext& context, double exponent) {
  const Dataset& dataset = context.dataset;
  Goal goal{exponent, {}, {}, {}, {0}};
  const std::size_t stride = (dataset.rows + kMostRows - 1) / kMostRows;
  const bool own = context.options.coefficients == Scope::per_group;
  for (std::size_t g = 0; g < dataset.groups; ++g) {
    for (std::size_t i = dataset.group_begin[g]; i < dataset.group_begin[g + 1]; i += stride)
      goal.rows.push_back(i);
    if (own || g + 1 == dataset.groups) goal.begin.push_back(goal.rows.size());
  }
  for (const std::size_t i : goal.rows) {
    const double given = dataset.given.empty() ? 0 : dataset.given[i], y = dataset.target[i] - given;
    const double value = exponent == 1 ? y : std::pow(y, exponent);
    // An error e of y^a is an error e * y / (a y^a) of y.
    const double slope = exponent == 1 ? 1 : y / (exponent * value);
    goal.factor.push_back(std::sqrt(dataset.weight[i]) * std::fabs(dataset.scale[i] * slope));
    goal.values.push_back(value * goal.factor.back());
  }
  return goal;
}

bool finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

Library library(const SearchContext& context, const Goal& goal, bool wide) {
  const PrimitiveSet& primitives = context.primitives;
  Scratch scratch;
  TermEvaluator evaluator(context.dataset, scratch);
  const double rows = static_cast<double>(goal.rows.size());
  const auto affordable = static_cast<std::size_t>(std::sqrt(2 * kMostWork / rows));
  const std::size_t most = (wide ? kMostWide : std::min(kMostColumns, affordable)) / primitives.parts.size();
  Library out;
  for (std::size_t p = 0; p < primitives.parts.size(); ++p) {
    for (const Dims& constant : primitives.constants) {
      const std::optional<Dims> dims = raised(primitives.parts[p].dims - constant, goal.exponent);
      if (!dims) continue;
      std::size_t taken = 0;
      for (const std::size_t m : primitives.parts[p].of(*dims)) {
        if (++taken > most * (wide ? 3 : 6) / 10 / primitives.constants.size()) break;
        add_column(context, goal, evaluator, p, {1, true, primitives.parts[p].monomials[m].factors},
                   primitives.parts[p].monomials[m].degree, out);
      }
      add_squares(context, goal, evaluator, p, *dims, p * most + most * (wide ? 4 : 8) / 10, out);
      add_factors(context, goal, evaluator, p, *dims, (p + 1) * most, out);
    }
  }
  return out;
}

void add_sums_of_two(const SearchContext& context, const Goal& goal, Library& out) {
  constexpr std::size_t kOuter = 40, kMostSums = 1000;
  const PrimitiveSet& primitives = context.primitives;
  Scratch scratch;
  TermEvaluator evaluator(context.dataset, scratch);
  for (std::size_t p = 0; p < primitives.parts.size(); ++p) {
    const PartPrimitives& part = primitives.parts[p];
    const std::size_t most = out.terms.size() + kMostSums / primitives.parts.size();
    std::vector<std::pair<Term, Dims>> leaves;
    leaves.push_back({Term{1, false, {}}, Dims()});
    for (const std::size_t i : part.inputs)
      leaves.push_back({Term{1, false, {input_factor(i)}}, primitives.input_dims[i]});
    const std::size_t pairs = leaves.size() * (leaves.size() - 1) / 2 * primitives.constants.size();
    const std::size_t outers =
        std::min(kOuter, kMostSums / primitives.parts.size() / std::max<std::size_t>(pairs, 1) + 1);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      for (std::size_t j = i + 1; j < leaves.size(); ++j) {
        if (leaves[i].second != leaves[j].second) continue;
        Factor f;
        f.kind = Factor::Kind::bracket;
        f.argument = {leaves[i].first, leaves[j].first};
        for (const Dims& constant : primitives.constants) {
          std::size_t taken = 0;
          for (const std::size_t outer : part.of(part.dims - constant - leaves[i].second)) {
            if (++taken > outers || out.terms.size() >= most) break;
            const Monomial& m = part.monomials[outer];
            if (m.factors.empty()) continue;  // this is a sum of two terms, not a bracket
            Term term{1, true, m.factors};
            term.factors.push_back(f);
            add_column(context, goal, evaluator, p, std::move(term), m.degree + 1, out);
          }
        }
      }
    }
  }
}

std::vector<double> column_of(const SearchContext& context, const Goal& goal, std::size_t part,
                              const Term& term) {
  Scratch scratch;
  TermEvaluator evaluator(context.dataset, scratch);
  return column_of(context.dataset, goal, evaluator, part, term);
}

}  // namespace energylens::search
