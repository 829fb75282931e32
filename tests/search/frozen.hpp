// SPDX-License-Identifier: Apache-2.0
// The frozen formulas of bench/formulas and the criterion for their fits: shared by the benchmark and a
// test.
#pragma once
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/expr/text.hpp"
#include "search/samples.hpp"
#include "search/tree/to_expr.hpp"

namespace energylens::search {

inline constexpr std::size_t kFormulas = 400;

inline Bench frozen_problem(std::size_t rows, Loss loss) {
  Options o = small_search();
  o.loss = loss;
  o.real_exponents = true;
  o.positive_coefficients = true;
  o.operators = parse_operators("+,*,/,^");
  return Bench(sample_problem("3*b*i + o*(20*t^-0.4 + 4*b^0.8*t^0.2 + 0.001*b*l)",
                              {{"b", "1", 1, 64},
                               {"i", "1", 16, 512},
                               {"o", "1", 16, 512},
                               {"t", "1", 1, 8},
                               {"l", "1", 64, 1024}},
                              "1", rows, 0.03),
               o);
}

inline std::vector<Tree> frozen_formulas(const Bench& bench, const std::string& name) {
  std::ifstream file(std::string(ENERGYLENS_FORMULAS) + "/" + name + ".txt");
  std::vector<std::string> parameters;
  for (int i = 0; i < 20; ++i) parameters.push_back("c" + std::to_string(i));
  std::vector<Tree> out;
  for (std::string line; std::getline(file, line);) {
    Tree tree{{from_expr(expr::parse(line, {parameters, {}, name}), bench.primitives.names)}};
    canonicalise(tree, bench.primitives.positive);
    out.push_back(std::move(tree));
  }
  if (out.size() != kFormulas) throw Error::bad_input({name, 0, {}}, "there are not 400 formulas");
  return out;
}

/// The least loss that is found by 24 descents from random starts and one from the start of the formula.
inline double least_loss(const Bench& bench, FitWorkspace& workspace, const Tree& tree, Rng& rng) {
  constexpr int kDescents = 24;
  FitSettings careful = bench.context.fit;
  careful.starts = 1;
  careful.steps = 100;
  careful.tolerance = 1e-10;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= kDescents; ++i) {
    Tree from = tree;
    for (const InnerConstant& c : inner_constants(from.parts[0])) {
      if (i > 0) *c.value *= std::exp(rng.normal()) * (rng.below(3) == 0 ? -1 : 1);
    }
    least = std::min(least, fit_constants(from, careful, workspace).loss);
  }
  return least;
}

}  // namespace energylens::search
