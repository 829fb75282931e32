// SPDX-License-Identifier: Apache-2.0
// tree.cpp: the complexity of a formula, and which of its numbers are fitted. `complexity` walks a tree in
// the way that to_expr.cpp prints it. Tested by tests/search/tree/tree_test.cpp: with all costs 1 it is the
// number of nodes of the expression.
#include "search/tree/tree.hpp"

#include <cmath>
#include <utility>

#include "search/tree/printing.hpp"

namespace energylens::search {
namespace {

using expr::Op;
using Kind = Factor::Kind;

class Counter {
 public:
  explicit Counter(const OperatorCosts& costs) : costs_(costs) {}

  double of(const Sum& sum) const {
    if (sum.empty()) return 1;
    double total = 0;
    const std::size_t first = first_printed(sum);
    if (subtracted(sum[first])) total += costs_[Op::negate];
    for (std::size_t i = 0; i < sum.size(); ++i) {
      total += of(sum[i]);
      if (i != first) total += costs_[subtracted(sum[i]) ? Op::subtract : Op::add];
    }
    return total;
  }

 private:
  double of(const Term& term) const {
    double total = prints_coefficient(term) ? 1 : 0;
    int above = prints_coefficient(term) ? 1 : 0, below = 0;
    for (const Factor& f : term.factors) {
      total += of(f);
      if (in_denominator(f)) {
        ++below;
      } else {
        ++above;
      }
    }
    if (above == 0) {
      total += 1;
      above = 1;
    }
    // An operator that is not allowed has an infinite cost, but none of it costs nothing.
    const double divisions = below == 0 ? 0 : below * costs_[Op::divide];
    return total + (above == 1 ? 0 : (above - 1) * costs_[Op::multiply]) + divisions;
  }

  double of(const Factor& f) const {
    const double base = base_of(f), size = std::fabs(f.exponent);
    switch (power_form(f, costs_)) {
      case PowerForm::plain:
        return base;
      case PowerForm::root:
        return base + costs_[Op::sqrt];
      case PowerForm::repeated:
        return size * base + (size - 1) * costs_[Op::multiply];
      case PowerForm::power:
        return base + costs_[Op::power] + 1;
    }
    return base;
  }

  double base_of(const Factor& f) const {
    if (f.kind == Kind::input) return 1;
    if (f.kind == Kind::bracket) return of(f.argument);
    const double second = expr::arity(f.function) == 2 ? of(f.second) : 0;
    return costs_[f.function] + of(f.argument) + second;
  }

  const OperatorCosts& costs_;
};

void collect(Sum& sum, bool whole_terms, std::vector<InnerConstant>& out) {
  for (Term& term : sum) {
    if (!whole_terms && term.free) out.push_back({&term.coefficient, false, &term.free});
    for (Factor& f : term.factors) {
      if (f.free) out.push_back({&f.exponent, true, &f.free});
      collect(f.argument, false, out);
      collect(f.second, false, out);
    }
  }
}

std::size_t inner_count(const Sum& sum) noexcept {
  std::size_t count = 0;
  for (const Term& term : sum) count += (term.free ? 1 : 0) + count_inner(term);
  return count;
}

}  // namespace

Factor input_factor(std::size_t input, double exponent) {
  Factor f;
  f.input = static_cast<std::uint16_t>(input);
  f.exponent = exponent;
  return f;
}

double complexity(const Tree& tree, const OperatorCosts& costs) {
  double total = 0;
  for (const Sum& part : tree.parts) total += Counter(costs).of(part);
  return total;
}

std::vector<InnerConstant> inner_constants(Sum& part) {
  std::vector<InnerConstant> out;
  collect(part, true, out);
  return out;
}

std::vector<InnerConstant> inner_constants(Tree& tree) {
  std::vector<InnerConstant> out;
  for (Sum& part : tree.parts) collect(part, true, out);
  return out;
}

void tie_terms(Sum& sum, std::size_t a, std::size_t b, bool same) {
  Factor bracket;
  bracket.kind = Factor::Kind::bracket;
  const double ratio = sum[b].coefficient / sum[a].coefficient;
  bracket.argument = {
      Term{1, false, std::move(sum[a].factors)},
      Term{same || !std::isfinite(ratio) || ratio == 0 ? 1 : ratio, !same, std::move(sum[b].factors)}};
  sum[a].factors = {std::move(bracket)};
  sum.erase(sum.begin() + static_cast<std::ptrdiff_t>(b));
}

std::size_t count_terms(const Tree& tree) noexcept {
  std::size_t count = 0;
  for (const Sum& part : tree.parts) count += part.size();
  return count;
}

std::size_t count_inner(const Term& term) noexcept {
  std::size_t count = 0;
  for (const Factor& f : term.factors)
    count += (f.free ? 1 : 0) + inner_count(f.argument) + inner_count(f.second);
  return count;
}

std::size_t count_inner(const Tree& tree) noexcept {
  std::size_t count = 0;
  for (const Sum& part : tree.parts) {
    for (const Term& term : part) count += count_inner(term);
  }
  return count;
}

}  // namespace energylens::search
