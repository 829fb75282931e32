// SPDX-License-Identifier: Apache-2.0
// Every row of the operator table is complete, and its columns agree with each other.
#include "expr/operators.hpp"

#include <gtest/gtest.h>

#include <set>

#include "energylens/expr/text.hpp"
#include "expr/algebra.hpp"
#include "expr/check_units.hpp"
#include "expr/kernel_sets.hpp"

namespace energylens::expr {
namespace {

Expr example(const Operator& row) {
  const Expr x = Expr::variable("x"), y = Expr::variable("y");
  return row.arity == 1 ? Expr::apply(row.op, x) : Expr::apply(row.op, x, y);
}

TEST(Operators, StandInTheOrderOfOp) {
  EXPECT_EQ(operators().size() + static_cast<std::size_t>(Op::add), kOps);
  for (const Operator& row : operators()) EXPECT_EQ(&operator_row(row.op), &row) << row.name;
}

TEST(Operators, HaveEveryColumnFilled) {
  std::set<std::string_view> names;
  for (const Operator& row : operators()) {
    EXPECT_FALSE(row.name.empty());
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " occurs twice";
    EXPECT_FALSE(row.phrase.empty()) << row.name;
    EXPECT_TRUE(row.arity == 1 || row.arity == 2) << row.name;
    EXPECT_NE(row.value, nullptr) << row.name;
    EXPECT_NE(row.derivative, nullptr) << row.name;
    EXPECT_NE(row.interval, nullptr) << row.name;
    for (const std::string_view form : {row.infix, row.latex}) {
      const bool left = form.find("%l") != form.npos || form.find("%a") != form.npos;
      const bool right = form.find("%r") != form.npos || form.find("%b") != form.npos;
      EXPECT_TRUE(left) << row.name;
      EXPECT_EQ(right, row.arity == 2) << row.name;
    }
  }
}

TEST(Operators, AreReadAsTheyAreWritten) {
  for (const Operator& row : operators()) {
    EXPECT_EQ(parse(print(example(row))), example(row)) << row.name;
    EXPECT_EQ(parse_postfix(print_postfix(example(row))), example(row)) << row.name;
    EXPECT_EQ(find_function(row.name) != nullptr, row.notation == Notation::function) << row.name;
  }
}

TEST(Operators, HaveKernelsInEverySet) {
  for (const KernelSet* set : {&kernels(), &baseline::kernel_set()}) {
    for (const Operator& row : operators()) {
      const auto i = static_cast<std::size_t>(row.op);
      EXPECT_NE(set->both[i], nullptr) << row.name;
      EXPECT_EQ(set->left_scalar[i] != nullptr, row.arity == 2) << row.name;
      EXPECT_EQ(set->right_scalar[i] != nullptr, row.arity == 2) << row.name;
    }
  }
}

TEST(Operators, TakeDimensionlessOperands) {
  const std::vector<NamedUnit> units{{"x", Unit()}, {"y", Unit()}};
  for (const Operator& row : operators()) {
    const UnitCheck check = check_units(example(row), units);
    EXPECT_TRUE(check.consistent) << row.name << ": " << check.why;
    EXPECT_EQ(check.unit, Unit()) << row.name;
  }
}

}  // namespace
}  // namespace energylens::expr
