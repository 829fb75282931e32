// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "energylens/core/rng.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/search/search.hpp"
#include "expr/program.hpp"
#include "search/fit/candidate_evaluator.hpp"

namespace energylens::search {

/// A column of uniform random numbers.
struct SampleInput {
  std::string name, unit = "1";
  double lo = 1, hi = 5;
};

/// y = formula(inputs) at random points, times a normal error.
inline Problem sample_problem(const std::string& formula, const std::vector<SampleInput>& inputs,
                              const std::string& unit = "1", std::size_t rows = 60, double noise = 0,
                              std::uint64_t seed = 11) {
  Problem p;
  Rng rng(seed);
  std::vector<std::string> names;
  for (const SampleInput& in : inputs) {
    p.inputs.push_back({in.name, parse_unit(in.unit), {}});
    for (std::size_t i = 0; i < rows; ++i)
      p.inputs.back().values.push_back(in.lo + (in.hi - in.lo) * rng.uniform());
    names.push_back(in.name);
  }
  std::vector<std::span<const double>> columns;
  for (const Input& input : p.inputs) columns.emplace_back(input.values);
  p.target.resize(rows);
  expr::Workspace workspace;
  expr::Program(expr::parse(formula), names).evaluate(columns, {}, p.target, workspace);
  for (double& y : p.target) y *= 1 + noise * rng.normal();
  p.target_unit = parse_unit(unit);
  return p;
}

/// Options of a short search.
inline Options small_search(std::uint64_t evaluations = 2500) {
  Options o;
  o.loss = Loss::absolute;
  o.coefficients = Scope::shared;
  o.evaluations = evaluations;
  o.time_limit_s = 1e9;
  o.target_loss = 1e-20;
  o.islands = 4;
  return o;
}

/// Everything that the parts of a search need, kept alive together.
struct Bench {
  explicit Bench(Problem p, Options o = small_search())
      : problem(std::move(p)),
        options(std::move(o)),
        form(read_form(problem)),
        dataset(problem, form, options.loss),
        primitives(make_primitive_set(problem, form, options)),
        context(make_context(dataset, primitives, options, problem, form)) {}
  Problem problem;
  Options options;
  Form form;
  Dataset dataset;
  PrimitiveSet primitives;
  SearchContext context;
};

/// Inputs with units, and a target that is a formula of several of them.
inline Problem physical_problem() {
  return sample_problem("m*v^2 + m*g*h",
                        {{"m", "token"},
                         {"v", "byte/s"},
                         {"u", "byte/s"},
                         {"g", "byte/s^2"},
                         {"h", "byte"},
                         {"n", "1"},
                         {"k", "1"}},
                        "token byte^2/s^2");
}

}  // namespace energylens::search
