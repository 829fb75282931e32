// SPDX-License-Identifier: Apache-2.0
// to_expr.cpp: trees as expressions and back. In a product divisors are printed last, in a sum subtracted
// terms as differences. Tested by tests/search/tree/tree_test.cpp: the round trip gives the same tree.
#include "search/tree/to_expr.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "energylens/core/error.hpp"
#include "expr/program.hpp"
#include "search/tree/printing.hpp"

namespace energylens::search {
namespace {

using expr::Expr;
using expr::Op;
using Kind = Factor::Kind;

class Writer {
 public:
  Writer(std::span<const std::string> names, const OperatorCosts& costs, std::string prefix,
         std::size_t first)
      : names_(names), costs_(costs), prefix_(std::move(prefix)), next_(first) {}

  PartExpr part(const Sum& sum) {
    PartExpr out{sum_of(sum, true), {}};
    out.terms = std::move(terms_);
    return out;
  }

 private:
  Expr parameter(std::size_t term) {
    terms_.push_back(term);
    return Expr::parameter(prefix_ + std::to_string(next_++));
  }

  // Parameters are numbered in the order of inner_constants(), from the first term to the last, whichever is
  // printed first.
  Expr sum_of(const Sum& sum, bool whole_terms) {
    if (sum.empty()) return Expr::constant(0);
    std::vector<Expr> written;
    for (std::size_t i = 0; i < sum.size(); ++i)
      written.push_back(term_of(sum[i], whole_terms ? i : PartExpr::kInner));
    const std::size_t first = first_printed(sum);
    Expr total = subtracted(sum[first]) ? Expr::apply(Op::negate, written[first]) : written[first];
    for (std::size_t i = 0; i < sum.size(); ++i) {
      if (i != first)
        total = Expr::apply(subtracted(sum[i]) ? Op::subtract : Op::add, std::move(total), written[i]);
    }
    return total;
  }

  Expr term_of(const Term& term, std::size_t index) {
    std::optional<Expr> above;
    const auto times = [&above](const Expr& e) { above = above ? Expr::apply(Op::multiply, *above, e) : e; };
    if (term.free) {
      times(parameter(index));
    } else if (prints_coefficient(term)) {
      times(Expr::constant(std::fabs(term.coefficient)));
    }
    std::vector<Expr> below;
    for (const Factor& f : term.factors) {
      Expr e = power_of(f);
      if (in_denominator(f)) {
        below.push_back(std::move(e));
      } else {
        times(e);
      }
    }
    Expr out = above ? *above : Expr::constant(1);
    for (const Expr& e : below) out = Expr::apply(Op::divide, std::move(out), e);
    return out;
  }

  Expr power_of(const Factor& f) {
    std::optional<Expr> exponent;
    if (f.free) exponent = parameter(PartExpr::kInner);
    Expr base = base_of(f);
    const double size = std::fabs(f.exponent);
    switch (power_form(f, costs_)) {
      case PowerForm::plain:
        return base;
      case PowerForm::root:
        return Expr::apply(Op::sqrt, std::move(base));
      case PowerForm::repeated: {
        Expr product = base;
        for (int i = 1; i < static_cast<int>(size); ++i)
          product = Expr::apply(Op::multiply, std::move(product), base);
        return product;
      }
      case PowerForm::power:
        break;
    }
    return Expr::apply(Op::power, std::move(base), exponent ? *exponent : Expr::constant(size));
  }

  Expr base_of(const Factor& f) {
    if (f.kind == Kind::input) return Expr::variable(names_[f.input]);
    Expr first = sum_of(f.argument, false);
    if (f.kind == Kind::bracket) return first;
    if (expr::arity(f.function) == 1) return Expr::apply(f.function, std::move(first));
    return Expr::apply(f.function, std::move(first), sum_of(f.second, false));
  }

  std::span<const std::string> names_;
  const OperatorCosts& costs_;
  std::string prefix_;
  std::size_t next_;
  std::vector<std::size_t> terms_;
};

class ExprReader {
 public:
  explicit ExprReader(std::span<const std::string> names) : names_(names) {}

  Sum sum_of(const Expr& e) const {
    switch (e.root().op) {
      case Op::add:
        return joined(sum_of(e.left()), sum_of(e.right()), 1);
      case Op::subtract:
        return joined(sum_of(e.left()), sum_of(e.right()), -1);
      case Op::negate:
        return joined({}, sum_of(e.left()), -1);
      default:
        return {term_of(e)};
    }
  }

 private:
  static Sum joined(Sum a, Sum b, double sign) {
    for (Term& t : b) {
      t.coefficient *= sign;
      a.push_back(std::move(t));
    }
    return a;
  }

  Term term_of(const Expr& e) const {
    Term term{1, false, {}};
    multiply(term, e, 1);
    return term;
  }

  void multiply(Term& term, const Expr& e, double exponent) const {
    const Op op = e.root().op;
    if (op == Op::multiply || op == Op::divide) {
      multiply(term, e.left(), exponent);
      multiply(term, e.right(), op == Op::divide ? -exponent : exponent);
    } else if (op == Op::constant || op == Op::parameter) {
      const double value = op == Op::constant ? e.root().value() : 1;
      term.coefficient *= std::pow(value, exponent);
      term.free = term.free || op == Op::parameter || !(value == 1 || value == -1 || value == 2);
    } else if (op == Op::power) {
      raise(term, e, exponent);
    } else if (op == Op::sqrt) {
      multiply_power(term, e.left(), 0.5 * exponent, false);
    } else {
      multiply_power(term, e, exponent, false);
    }
  }

  void raise(Term& term, const Expr& e, double exponent) const {
    const Expr power = e.right();
    if (!power.variables().empty()) refuse("an exponent that is not a number");
    const std::vector<std::string> fitted = power.parameters();
    const std::vector<double> start(fitted.size(), 1.0);
    const double value = expr::Program(power, {}, fitted).evaluate({}, start);
    multiply_power(term, e.left(), value * exponent, !fitted.empty());
  }

  void multiply_power(Term& term, const Expr& base, double exponent, bool free) const {
    Factor f;
    const Op op = base.root().op;
    f.exponent = exponent;
    f.free = free;
    if (op == Op::variable) {
      const auto found = std::find(names_.begin(), names_.end(), base.name(base.root()));
      f.input = static_cast<std::uint16_t>(found - names_.begin());
    } else if (op == Op::exp || op == Op::log || op == Op::minimum || op == Op::maximum ||
               (expr::arity(op) == 1 && op != Op::negate && op != Op::sqrt)) {
      f.kind = Kind::function;
      f.function = op;
      f.argument = sum_of(base.left());
      if (expr::arity(op) == 2) f.second = sum_of(base.right());
    } else {
      f.kind = Kind::bracket;
      f.argument = sum_of(base);
    }
    term.factors.push_back(std::move(f));
  }

  [[noreturn]] static void refuse(const std::string& what) {
    throw Error::bad_input({"--guess", 0, {}}, "a guess cannot have " + what);
  }

  std::span<const std::string> names_;
};

}  // namespace

PartExpr to_expr(const Sum& part, std::span<const std::string> names, const OperatorCosts& costs,
                 const std::string& prefix, std::size_t first) {
  return Writer(names, costs, prefix, first).part(part);
}

Sum from_expr(const expr::Expr& expr, std::span<const std::string> names) {
  return ExprReader(names).sum_of(expr);
}

}  // namespace energylens::search
