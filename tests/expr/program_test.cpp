// SPDX-License-Identifier: Apache-2.0
// One row, many rows and the recursive reference give the same bits, in every set of kernels.
#include "expr/program.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "energylens/core/error.hpp"
#include "expr/generators.hpp"
#include "expr/kernel_sets.hpp"
#include "expr/reference.hpp"

namespace energylens::expr {
namespace {

bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// Columns x, y, isl: special values in all combinations first, then random ones.
struct Rows {
  explicit Rows(std::size_t rows, std::uint64_t seed) : columns(3, std::vector<double>(rows)) {
    const double specials[] = {0, -0.0, 1, -1, 2, -3, 0.5, INFINITY, -INFINITY, NAN, 5e-324, 1e308, -1e-308};
    constexpr std::size_t kSpecials = std::size(specials);
    Rng rng(seed);
    for (std::size_t i = 0; i < rows; ++i) {
      columns[0][i] = i < kSpecials * kSpecials ? specials[i % kSpecials] : 2 * rng.normal();
      columns[1][i] = i < kSpecials * kSpecials ? specials[i / kSpecials] : rng.normal();
      columns[2][i] = rng.uniform() * 1000;
    }
    for (const std::vector<double>& column : columns) spans.emplace_back(column);
  }
  std::vector<std::vector<double>> columns;
  std::vector<std::span<const double>> spans;
};

const std::vector<std::string>& variables() {
  return whole_vocabulary().variables;
}
const std::vector<std::string>& parameter_names() {
  return whole_vocabulary().parameters;
}
const std::vector<double> kParameterValues{1.5, -0.25};

void expect_agreement(const Expr& e, const Rows& rows, Workspace& workspace) {
  const Program program(e, variables(), parameter_names());
  std::vector<double> out(rows.columns[0].size(), 42);
  program.evaluate(rows.spans, kParameterValues, out, workspace);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::vector<double> row{rows.columns[0][i], rows.columns[1][i], rows.columns[2][i]};
    const double scalar = program.evaluate(row, kParameterValues, workspace);
    const std::map<std::string, double> values{
        {"x", row[0]}, {"y", row[1]}, {"isl", row[2]}, {"a0", 1.5}, {"b12", -0.25}};
    ASSERT_TRUE(same_bits(scalar, reference_value(e, values))) << print(e) << " at row " << i;
    ASSERT_TRUE(same_bits(out[i], scalar))
        << print(e) << " at row " << i << ": " << out[i] << " and " << scalar;
  }
}

TEST(Program, AgreesWithTheReferenceOnAllSmallExpressions) {
  const Vocabulary vocabulary{whole_vocabulary().operators, {"x", "y"}, {"a0"}, {2}};
  const Rows rows(13 * 13, 1);
  Workspace workspace;
  for (std::size_t nodes = 1; nodes <= 3; ++nodes) {
    for (const Expr& e : all_expressions(vocabulary, nodes)) expect_agreement(e, rows, workspace);
  }
  const Vocabulary few{{Op::subtract, Op::power, Op::exp, Op::maximum}, {"x", "y"}, {"a0"}, {}};
  const Rows four(4, 2);
  for (std::size_t nodes = 4; nodes <= 5; ++nodes) {
    for (const Expr& e : all_expressions(few, nodes)) expect_agreement(e, four, workspace);
  }
}

TEST(Program, AgreesWithTheReferenceOnLargeExpressions) {
  Rng rng(5);
  Workspace workspace;
  for (int i = 0; i < 300; ++i)
    expect_agreement(random_expression(rng, whole_vocabulary(), 60), Rows(57, rng()), workspace);
}

TEST(Program, AgreesForAnyNumberOfRows) {
  const Expr e = parse("a0*x^b12 + exp(y/isl) - (x - y)*(x + isl)", {parameter_names(), {}, "formula"});
  Workspace workspace;
  for (const std::size_t rows : {0, 1, 2, 3, 4, 5, 63, 511, 512, 513, 1000, 1025, 2100}) {
    expect_agreement(e, Rows(rows, rows), workspace);
  }
}

TEST(Program, AllKernelSetsGiveTheSameBits) {
  const Rows rows(1001, 9);
  const double *x = rows.columns[0].data(), *y = rows.columns[1].data();
  std::vector<double> a(1001), b(1001);
  for (std::size_t op = static_cast<std::size_t>(Op::add); op < kOps; ++op) {
    for (const auto shape : {&KernelSet::both, &KernelSet::left_scalar, &KernelSet::right_scalar}) {
      const Kernel fast = (kernels().*shape)[op], plain = (baseline::kernel_set().*shape)[op];
      if (fast == nullptr) continue;
      fast(x, y, a.data(), a.size());
      plain(x, y, b.data(), b.size());
      for (std::size_t i = 0; i < a.size(); ++i) ASSERT_TRUE(same_bits(a[i], b[i])) << op << " at " << i;
    }
  }
}

TEST(Program, WritesConstantsAndColumnsThrough) {
  Workspace workspace;
  for (const char* text : {"2", "a0", "x", "a0*2 + b12"}) {
    expect_agreement(parse(text, {parameter_names(), {}, "formula"}), Rows(700, 1), workspace);
  }
}

TEST(Program, OneWorkspaceServesManyPrograms) {
  Workspace workspace;
  const Rows rows(600, 3);
  for (const char* text : {"x", "(x + y)*(x - y)/(isl + x*y)", "x + y", "-x"}) {
    expect_agreement(parse(text), rows, workspace);
  }
}

TEST(Program, EvaluatesDeepAndLongExpressions) {
  Workspace workspace;
  std::string text = "x";
  for (int i = 0; i < 900; ++i) text = "(y - " + text + ")";
  const Program deep(parse(text), variables());
  const double row[] = {3, 1, 0};
  EXPECT_EQ(deep.evaluate(row, {}, workspace), 3);
  const std::vector<double> x(600, 3), y(600, 1), isl(600, 0);
  const std::vector<std::span<const double>> columns{x, y, isl};
  std::vector<double> out(600);
  deep.evaluate(columns, {}, out, workspace);
  EXPECT_EQ(out, x);
}

TEST(Program, RefusesAnExpressionWhoseNamesAreNotGiven) {
  try {
    Program(parse("x + z"), variables());
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "missing value of the variable \"z\" in the formula");
  }
  EXPECT_THROW(Program(Expr::parameter("c"), variables(), parameter_names()), Error);
  EXPECT_THROW(Program(Expr::parameter("x"), variables(), parameter_names()), Error)
      << "a parameter is no variable";
}

}  // namespace
}  // namespace energylens::expr
