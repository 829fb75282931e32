// SPDX-License-Identifier: Apache-2.0
// What a search does most: formulas with fitted constants per second, and node evaluations per second of its
// own evaluation. The formulas are those of bench/formulas, 400 in each file, as a search grew them once; c0,
// c1, ... are fitted. `within` is the share of formulas whose loss is within 1 % of the least of 25 descents.
// Argument: rows.
#include <benchmark/benchmark.h>

#include <cmath>
#include <fstream>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/expr/text.hpp"
#include "search/judge.hpp"
#include "search/samples.hpp"
#include "search/to_expr.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kFormulas = 400;

Bench energy_law(std::size_t rows, Loss loss) {
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

std::vector<Tree> formulas(const Bench& bench, const std::string& name) {
  std::ifstream file(std::string(ENERGYLENS_FORMULAS) + "/" + name + ".txt");
  std::vector<std::string> parameters;
  for (int i = 0; i < 20; ++i) parameters.push_back("c" + std::to_string(i));
  std::vector<Tree> out;
  for (std::string line; std::getline(file, line);) {
    Tree tree{{from_expr(expr::parse(line, {parameters, {}, name}), bench.vocabulary.names)}};
    canonicalise(tree, bench.vocabulary.positive);
    out.push_back(std::move(tree));
  }
  if (out.size() != kFormulas) throw Error::bad_input({name, 0, {}}, "there are not 400 formulas");
  return out;
}

/// The least loss that 24 descents from random starts and one from the start of the formula find.
double least_loss(const Bench& bench, Fitter& fitter, const Tree& tree, Rng& rng) {
  constexpr int kDescents = 24;
  FitSettings careful = bench.setting.fit;
  careful.starts = 1;
  careful.steps = 100;
  careful.tolerance = 1e-10;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= kDescents; ++i) {
    Tree from = tree;
    for (double* c : inner_constants(from.parts[0])) {
      if (i > 0) *c *= std::exp(rng.normal()) * (rng.below(3) == 0 ? -1 : 1);
    }
    least = std::min(least, fitter.fit(from, careful).loss);
  }
  return least;
}

/// Share of the formulas that a search fits as well as many descents do, but for 1 %.
double share_within(const Bench& bench, const std::vector<Tree>& trees) {
  Rng rng(5);
  Fitter fitter(bench.sheet);
  std::size_t within = 0, finite = 0;
  for (const Tree& tree : trees) {
    Tree usual = tree;
    const double loss = fitter.fit(usual, bench.setting.fit).loss,
                 least = least_loss(bench, fitter, tree, rng);
    if (!std::isfinite(least)) continue;
    ++finite;
    within += loss <= 1.01 * least ? 1 : 0;
  }
  return static_cast<double>(within) / static_cast<double>(finite);
}

void fit(benchmark::State& state, Loss loss, const char* file) {
  const Bench bench = energy_law(static_cast<std::size_t>(state.range(0)), loss);
  const std::vector<Tree> trees = formulas(bench, file);
  Judge judge(bench.setting);
  for (auto _ : state) {
    for (const Tree& tree : trees) benchmark::DoNotOptimize(judge.judge(tree, nullptr));
  }
  state.counters["formulas"] =
      benchmark::Counter(static_cast<double>(kFormulas), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["within"] = share_within(bench, trees);
}

void evaluate(benchmark::State& state, const char* operators, const char* file) {
  Options o = small_search();
  o.operators = parse_operators(operators);
  const auto rows = static_cast<std::size_t>(state.range(0));
  const Bench bench(sample_problem("x*y + z", {{"x"}, {"y"}, {"z"}, {"u"}, {"v"}}, "1", rows), o);
  const std::vector<Tree> trees = formulas(bench, file);
  Scratch scratch;
  Evaluator evaluator(bench.sheet, scratch);
  std::vector<double> out(rows);
  double nodes = 0;
  for (const Tree& tree : trees) nodes += complexity(tree, bench.vocabulary.prices);
  for (auto _ : state) {
    for (const Tree& tree : trees) {
      for (const Term& term : tree.parts[0]) evaluator.term(term, out.data(), nullptr);
      benchmark::DoNotOptimize(out.data());
    }
  }
  state.counters["node_evals"] =
      benchmark::Counter(nodes * static_cast<double>(rows), benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK_CAPTURE(fit, relative_linear, Loss::relative, "fit_linear")
    ->Arg(50)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fit, relative_any, Loss::relative, "fit")
    ->Arg(50)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fit, log_error_any, Loss::log_error, "fit")
    ->Arg(50)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, arithmetic, "+,-,*,/", "arithmetic")
    ->Arg(50)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, transcendental, "+,-,*,/,^,sqrt,exp,log", "transcendental")
    ->Arg(50)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace energylens::search

BENCHMARK_MAIN();
