// SPDX-License-Identifier: Apache-2.0
// What a search does most: formulas with fitted constants per second, and node evaluations per second of its
// own evaluation. The formulas are those of bench/formulas, 400 in each file, as a search grew them once; c0,
// c1, ... are fitted. `within` is the share of formulas whose loss is within 1 % of the least of 25 descents.
// Argument: rows.
#include <benchmark/benchmark.h>

#include <cmath>

#include "search/fit/candidate_evaluator.hpp"
#include "search/frozen.hpp"

namespace energylens::search {
namespace {

/// Share of the formulas that a search fits as well as many descents do, but for 1 %.
double share_within(const Bench& bench, const std::vector<Tree>& trees) {
  Rng rng(5);
  FitWorkspace workspace(bench.dataset);
  std::size_t within = 0, finite = 0;
  for (const Tree& tree : trees) {
    Tree usual = tree;
    const double loss = fit_constants(usual, bench.context.fit, workspace).loss,
                 least = least_loss(bench, workspace, tree, rng);
    if (!std::isfinite(least)) continue;
    ++finite;
    within += loss <= 1.01 * least ? 1 : 0;
  }
  return static_cast<double>(within) / static_cast<double>(finite);
}

void fit(benchmark::State& state, Loss loss, const char* file) {
  const Bench bench = frozen_problem(static_cast<std::size_t>(state.range(0)), loss);
  const std::vector<Tree> trees = frozen_formulas(bench, file);
  CandidateEvaluator evaluator(bench.context);
  for (auto _ : state) {
    for (const Tree& tree : trees) benchmark::DoNotOptimize(evaluator.evaluate(tree, nullptr));
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
  const std::vector<Tree> trees = frozen_formulas(bench, file);
  Scratch scratch;
  TermEvaluator evaluator(bench.dataset, scratch);
  std::vector<double> out(rows);
  double nodes = 0;
  for (const Tree& tree : trees) nodes += complexity(tree, bench.primitives.costs);
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
