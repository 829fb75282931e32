// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/generate/log_seeds_test.cpp.
#include "search/generate/log_products.hpp"

#include <cmath>

#include "search/generate/factors.hpp"

namespace energylens::search {
namespace {

using Kind = Factor::Kind;

constexpr double kMostOfFactor = 6, kMostOfInput = 8;  // size of an exponent

/// Whether the signs of the factors with odd exponents make up the sign of z.
bool has_sign_of_z(const LogProblem& problem, const LogProduct& product) {
  std::vector<const LogCandidate*> odd;
  for (std::size_t i = 0; i < product.factors.size(); ++i) {
    if (product.factors[i]->sign.empty()) continue;
    const double e = nearest_half(product.exponents[i]);
    if (std::nearbyint(e) != e) return false;
    if (std::fmod(std::fabs(e), 2) == 1) odd.push_back(product.factors[i]);
  }
  int first = 0;
  for (std::size_t r = 0; r < problem.target.size(); ++r) {
    int sign = problem.target[r] > 0 ? 1 : -1;
    for (const LogCandidate* c : odd) sign *= c->sign[r];
    if (r == 0) first = sign;
    if (sign != first) return false;
  }
  return true;
}

void subtract(const LogCandidate& c, double e, std::vector<double>& log_z) {
  for (std::size_t r = 0; r < log_z.size(); ++r) log_z[r] -= e * c.log[r];
}

/// Coefficients of the constants and of the logarithms of inputs.
std::vector<double> solved(const LogProblem& problem, std::vector<double> log_z) {
  std::vector<double> shares;
  problem.basis.project(log_z, &shares);
  return problem.basis.solve(shares);
}

void add_rounded(const LogProblem& problem, const LogProduct& product, std::vector<Tree>& out) {
  std::vector<double> rest = problem.log_z;
  Term term{1, true, {}}, free = term;
  for (std::size_t i = 0; i < product.factors.size(); ++i) {
    const LogCandidate& c = *product.factors[i];
    const double e = is_exponential(c.factor) ? product.exponents[i] : nearest_half(product.exponents[i]);
    if (std::fabs(e) > kMostOfFactor || e == 0) return;
    subtract(c, e, rest);
    term.factors.push_back(to_power(c.factor, e, false));
    free.factors.push_back(to_power(c.factor, e, true));
  }
  const std::vector<double> x = solved(problem, std::move(rest));
  for (std::size_t i = 0; i < problem.inputs.size(); ++i) {
    const double e = nearest_half(x[problem.constants + i]);
    if (std::fabs(e) > kMostOfInput) return;
    if (e == 0) continue;
    term.factors.push_back(input_factor(problem.inputs[i], e));
    free.factors.push_back(term.factors.back());
  }
  term.coefficient = free.coefficient =
      std::copysign(std::exp(x[0]), problem.mixed_signs ? 1 : problem.target[0]);
  for (const bool fitted : {false, true}) {
    if (fitted && product.factors.empty()) break;
    Tree tree = problem.transformation.tree(fitted ? free : term);
    if (typed(tree, problem.context.primitives)) out.push_back(std::move(tree));
  }
}

void add_real(const LogProblem& problem, const LogProduct& product, std::vector<Tree>& out) {
  const PrimitiveSet& primitives = problem.context.primitives;
  std::vector<double> rest = problem.log_z;
  Term term{1, true, {}};
  for (std::size_t i = 0; i < product.factors.size(); ++i) {
    if (std::fabs(product.exponents[i]) > kMostOfFactor) return;
    subtract(*product.factors[i], product.exponents[i], rest);
    Factor f = to_power(product.factors[i]->factor, product.exponents[i], true);
    f.free = f.kind == Kind::bracket;
    term.factors.push_back(std::move(f));
  }
  const std::vector<double> x = solved(problem, std::move(rest));
  for (std::size_t i = 0; i < problem.inputs.size(); ++i) {
    const double e = x[problem.constants + i];
    if (std::fabs(e) > kMostOfInput) return;
    Factor f = input_factor(problem.inputs[i], e);
    f.free = std::fabs(e) > 1e-6 && primitives.input_dims[problem.inputs[i]].none();
    if (f.free || f.exponent != 0) term.factors.push_back(std::move(f));
  }
  Tree tree{{{std::move(term)}}};
  if (typed(tree, primitives)) out.push_back(std::move(tree));
}

}  // namespace

void add_product(const LogProblem& problem, const LogProduct& product, std::vector<Tree>& out) {
  if (has_sign_of_z(problem, product)) add_rounded(problem, product, out);
  if (problem.context.primitives.real_exponents && problem.transformation.plain())
    add_real(problem, product, out);
}

Factor to_power(const Factor& base, double e, bool fitted) {
  Factor f = fitted ? with_free_numbers(base) : base;
  if (!is_exponential(f)) {
    f.exponent = e;
    return f;
  }
  const double simple = nearest_half(e);  // unless numbers are fitted, the argument gets a simple one
  for (Term& t : f.argument) t.coefficient *= fitted || simple == 0 ? e : simple;
  return f;
}

bool is_exponential(const Factor& f) {
  return f.kind == Kind::function && f.function == expr::Op::exp;
}

double nearest_half(double x) {
  return std::round(x * 2) / 2;
}

}  // namespace energylens::search
