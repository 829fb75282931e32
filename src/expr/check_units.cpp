// SPDX-License-Identifier: Apache-2.0
// Units are propagated forward through the postfix array. An operand either has a unit or is open (a free constant and
// its products); an open operand takes the unit that the other operand requires. The first operator that cannot be
// satisfied ends the pass with a message. Held by tests/expr/check_units_test.cpp.
#include "expr/check_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/expr/text.hpp"
#include "expr/operators.hpp"
#include "expr/program.hpp"

namespace energylens::expr {
namespace {

using OpenUnit = std::optional<Unit>;  // none: open

// Thrown and caught in this file only: what is wrong, without the place in the formula.
struct Clash {
  std::string what;
};

OpenUnit same(const Operator& row, const OpenUnit& a, const OpenUnit& b) {
  if (!a || !b) return a ? a : b;
  if (*a == *b) return a;
  throw Clash{fmt::format("cannot {} {} and {}", row.phrase, unit_text(*a), unit_text(*b))};
}

void require_number(const Operator& row, const OpenUnit& a) {
  if (a && !a->dimensionless()) throw Clash{fmt::format("cannot {} {}", row.phrase, unit_text(*a))};
}

OpenUnit raised(const OpenUnit& base, const OpenUnit& exponent, const Expr& exponent_expr) {
  if (exponent && !exponent->dimensionless())
    throw Clash{fmt::format("cannot use {} as an exponent", unit_text(*exponent))};
  if (!base || base->dimensionless()) return base;
  if (!exponent_expr.variables().empty() || !exponent_expr.parameters().empty()) {
    throw Clash{fmt::format("cannot raise {} to an exponent that is not a constant", unit_text(*base))};
  }
  const double value = Program(exponent_expr, {}).evaluate({});
  const std::optional<double> simple = simple_exponent(value);
  if (!simple) {
    throw Clash{fmt::format("cannot raise {} to {}, which is not an integer or a simple fraction",
                            unit_text(*base), number_text(value))};
  }
  return power(*base, *simple);
}

class Checker {
 public:
  Checker(const Expr& expr, std::span<const NamedUnit> units, ConstantUnits constants)
      : expr_(expr), units_(units), constants_(constants) {}

  UnitCheck whole() {
    for (std::size_t i = 0; i < expr_.size(); ++i) {
      try {
        visit(i);
      } catch (const Clash& clash) {
        return {false, std::nullopt, clash.what + where(i)};
      }
    }
    assert(stack_.size() == 1);
    return {true, stack_.back(), ""};
  }

 private:
  void visit(std::size_t i) {
    const Node& node = expr_.nodes()[i];
    const auto operands = static_cast<std::size_t>(arity(node.op));
    OpenUnit result;
    if (operands == 0) {
      result = leaf(node);
    } else {
      result = combined(operator_row(node.op), i, stack_[stack_.size() - operands], stack_.back());
    }
    stack_.resize(stack_.size() - operands);
    stack_.push_back(result);
  }

  OpenUnit leaf(const Node& node) const {
    if (node.op == Op::constant) {
      const bool open = constants_ == ConstantUnits::any || node.value() == 0;
      return open ? OpenUnit() : Unit();
    }
    const std::string& name = expr_.name(node);
    const auto found =
        std::find_if(units_.begin(), units_.end(), [&](const NamedUnit& u) { return u.name == name; });
    if (found == units_.end()) throw Clash{"missing unit of " + name};
    return found->unit;
  }

  // `a` is the only or left operand's unit, `b` the last operand's.
  OpenUnit combined(const Operator& row, std::size_t i, const OpenUnit& a, const OpenUnit& b) const {
    switch (row.units) {
      case UnitRule::same:
        return same(row, a, b);
      case UnitRule::product:
        return a && b ? OpenUnit(*a * *b) : std::nullopt;
      case UnitRule::quotient:
        return a && b ? OpenUnit(*a / *b) : std::nullopt;
      case UnitRule::power:
        return raised(a, b, expr_.subtree(i - 1));
      case UnitRule::root:
        return a ? OpenUnit(power(*a, 0.5)) : std::nullopt;
      case UnitRule::keep:
        return a;
      case UnitRule::dimensionless:
        require_number(row, a);
        return Unit();
      case UnitRule::any_to_number:
        return Unit();
    }
    return std::nullopt;
  }

  // " in a*b + c", cut where it grows long; nothing for a name.
  std::string where(std::size_t i) const {
    constexpr std::size_t kLongest = 80;
    if (arity(expr_.nodes()[i].op) == 0) return {};
    std::string text = print(expr_.subtree(i));
    if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
    return " in " + text;
  }

  const Expr& expr_;
  std::span<const NamedUnit> units_;
  ConstantUnits constants_;
  std::vector<OpenUnit> stack_;
};

}  // namespace

UnitCheck check_units(const Expr& expr, std::span<const NamedUnit> units, ConstantUnits constants) {
  return Checker(expr, units, constants).whole();
}

}  // namespace energylens::expr
