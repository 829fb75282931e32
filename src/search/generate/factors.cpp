// SPDX-License-Identifier: Apache-2.0
// factors.cpp: the brackets and functions that may multiply products of inputs, listed by kind and cut off by
// degree. Tested by tests/search/generate/factors_test.cpp.
#include "search/generate/factors.hpp"

#include <algorithm>
#include <numbers>

namespace energylens::search {
namespace {

using Kind = Factor::Kind;
using expr::Op;

/// The argument of a function, and its degree.
struct Argument {
  double degree;
  Sum sum;
};

Factor bracket_of(Sum sum, double exponent = 1) {
  Factor f;
  f.kind = Kind::bracket;
  f.exponent = exponent;
  f.argument = std::move(sum);
  return f;
}

Factor function_of(Op op, Sum sum) {
  Factor f;
  f.kind = Kind::function;
  f.function = op;
  f.argument = std::move(sum);
  return f;
}

void keep_lowest(std::vector<GradedFactor>& factors, std::size_t most) {
  std::stable_sort(factors.begin(), factors.end(),
                   [](const GradedFactor& a, const GradedFactor& b) { return a.degree < b.degree; });
  if (factors.size() > most) factors.resize(most);
}

/// The numbers that may multiply the argument of a function.
std::vector<double> numbers_of(Op op) {
  if (op == Op::log || op == Op::asin || op == Op::acos || op == Op::abs) return {1};
  return {1, 2, 0.5, 2 * std::numbers::pi, 0.5 / std::numbers::pi};
}

/// What an uncommon function or number adds to the degree.
double surcharge(Op op, double number) {
  const bool usual = op == Op::exp || op == Op::sin || op == Op::cos;
  if (number == 1) return usual ? 0 : 1;
  return (usual ? 0 : 1) + (number == 2 || number == 0.5 ? 1 : 1.5);
}

Sum scaled(Sum sum, double by) {
  for (Term& t : sum) t.coefficient *= by;
  return sum;
}

/// The lists that a factor library is made of.
class FactorLibrary {
 public:
  FactorLibrary(const PrimitiveSet& primitives, const PartPrimitives& part, std::size_t most)
      : primitives_(primitives), part_(part), most_(most) {
    signs_ = primitives.differences ? std::vector<double>{1, -1} : std::vector<double>{1};
  }

  std::vector<GradedFactor> all() {
    list_arguments();
    std::vector<GradedFactor> out = lowest(&FactorLibrary::add_brackets);
    for (const auto kind : {&FactorLibrary::add_functions, &FactorLibrary::add_brackets_with_functions}) {
      const std::vector<GradedFactor> more = lowest(kind);
      out.insert(out.end(), more.begin(), more.end());
    }
    keep_lowest(out, most_);
    return out;
  }

 private:
  const Monomial& monomial(std::size_t i) const { return part_.monomials[i]; }

  /// The factors of one kind with the lowest degrees: at most a third of what is wanted.
  std::vector<GradedFactor> lowest(void (FactorLibrary::*add)(double limit, std::vector<GradedFactor>& out)
                                       const) const {
    constexpr double kHighest = 12;
    std::vector<GradedFactor> out;
    for (double limit = 3; limit <= kHighest && out.size() < most_ / 3; limit += 0.5) {
      out.clear();
      (this->*add)(limit, out);
    }
    keep_lowest(out, most_ / 3);
    return out;
  }

  /// Lists dimensionless products, and differences of two inputs times products that make them dimensionless.
  void list_arguments() {
    constexpr std::size_t kProducts = 120;
    const std::vector<std::size_t>& numbers = part_.of(Dims());
    for (std::size_t i = 0; i < std::min(kProducts, numbers.size()); ++i) {
      const Monomial& m = monomial(numbers[i]);
      if (!m.factors.empty()) arguments_.push_back({m.degree, {{1, false, m.factors}}});
    }
    if (!primitives_.differences) return;
    for (std::size_t i = 0; i < part_.inputs.size(); ++i) {
      for (std::size_t j = i + 1; j < part_.inputs.size(); ++j) {
        const std::size_t a = part_.inputs[i], b = part_.inputs[j];
        if (primitives_.input_dims[a] != primitives_.input_dims[b]) continue;
        const Sum difference = {{1, false, {input_factor(a)}}, {-1, false, {input_factor(b)}}};
        for (const double power : {1.0, 2.0})
          add_difference(difference, power, *raised(primitives_.input_dims[a], power));
      }
    }
    std::stable_sort(arguments_.begin(), arguments_.end(),
                     [](const Argument& x, const Argument& y) { return x.degree < y.degree; });
  }

  void add_difference(const Sum& difference, double power, const Dims& dims) {
    constexpr std::size_t kOuter = 40;
    std::size_t taken = 0;
    for (const std::size_t o : part_.of(Dims() - dims)) {
      if (++taken > kOuter) return;
      Term term{1, false, monomial(o).factors};
      if (term.factors.empty() && power == 1) {
        arguments_.push_back({1.5, difference});
        continue;
      }
      term.factors.push_back(bracket_of(difference, power));
      arguments_.push_back({monomial(o).degree + power, {std::move(term)}});
    }
  }

  void add_brackets(double limit, std::vector<GradedFactor>& out) const {
    constexpr std::size_t kOfOneDims = 14;
    for (const Dims& dims : part_.common) {
      const std::vector<std::size_t>& like = part_.of(dims);
      for (std::size_t a = 0; a < std::min(kOfOneDims, like.size()); ++a) {
        for (std::size_t b = a + 1; b < std::min(kOfOneDims * 5, like.size()); ++b) {
          const Monomial &x = monomial(like[a]), &y = monomial(like[b]);
          if (x.degree + y.degree + 1 > limit) break;
          for (const double sign : signs_) {
            out.push_back(
                {x.degree + y.degree + 1, bracket_of({{1, false, x.factors}, {sign, false, y.factors}})});
          }
        }
      }
    }
  }

  void add_functions(double limit, std::vector<GradedFactor>& out) const {
    for (const Op op : primitives_.functions) {
      if (expr::arity(op) != 1) continue;
      for (const Argument& u : arguments_) {
        if (u.degree + 1 > limit) break;
        for (const double c : numbers_of(op)) {
          if (op == Op::exp && c != 1) continue;  // a factor of the argument is an exponent of exp
          out.push_back({u.degree + 1 + surcharge(op, c), function_of(op, scaled(u.sum, c))});
        }
      }
    }
  }

  /// 1 + f(u), and x + y f(u) with products x and y of equal dims.
  void add_brackets_with_functions(double limit, std::vector<GradedFactor>& out) const {
    constexpr std::size_t kArguments = 30;
    for (const Op op : primitives_.functions) {
      if (expr::arity(op) != 1) continue;
      for (std::size_t i = 0; i < arguments_.size() && arguments_[i].degree + 2 <= limit; ++i) {
        for (const double c : numbers_of(op)) {
          for (const double s : {1.0, -1.0}) {
            if (s < 0 && (op != Op::exp || !primitives_.differences)) continue;
            const Factor f = function_of(op, scaled(arguments_[i].sum, s * c));
            const double degree = arguments_[i].degree + 2 + surcharge(op, c);
            for (const double sign : signs_)
              out.push_back({degree + 0.5, bracket_of({{1, false, {f}}, {sign, false, {}}})});
            if (c != 1 || i >= kArguments) continue;
            add_mixed(f, degree, limit, out);
          }
        }
      }
    }
  }

  void add_mixed(const Factor& f, double degree, double limit, std::vector<GradedFactor>& out) const {
    constexpr std::size_t kFirst = 4, kSecond = 12;
    for (const Dims& dims : part_.common) {
      const std::vector<std::size_t>& like = part_.of(dims);
      for (std::size_t a = 0; a < std::min(kFirst, like.size()); ++a) {
        for (std::size_t b = 0; b < std::min(kSecond, like.size()); ++b) {
          const Monomial &x = monomial(like[a]), &y = monomial(like[b]);
          if (x.degree + y.degree + degree > limit) break;
          if (y.factors.empty() && x.factors.empty()) continue;
          Term with{1, false, y.factors};
          with.factors.push_back(f);
          for (const double sign : signs_) {
            with.coefficient = sign;
            out.push_back({x.degree + y.degree + degree, bracket_of({{1, false, x.factors}, with})});
          }
        }
      }
    }
  }

  const PrimitiveSet& primitives_;
  const PartPrimitives& part_;
  std::size_t most_;
  std::vector<double> signs_;
  std::vector<Argument> arguments_;
};

}  // namespace

std::vector<GradedFactor> factor_library(const PrimitiveSet& primitives, const PartPrimitives& part,
                                         std::size_t most) {
  return FactorLibrary(primitives, part, most).all();
}

Factor with_free_numbers(Factor factor) {
  const std::size_t first = factor.kind == Kind::bracket ? 1 : 0;
  for (std::size_t i = first; i < factor.argument.size(); ++i) factor.argument[i].free = true;
  for (Term& term : factor.argument) {
    for (Factor& inner : term.factors) {
      if (inner.kind == Kind::function) inner = with_free_numbers(std::move(inner));
    }
  }
  return factor;
}

}  // namespace energylens::search
