// SPDX-License-Identifier: Apache-2.0
// What a search does most: formulas with fitted constants per second, and node evaluations per second of its
// own evaluation. The formulas are grown from a fixed seed. Argument: rows.
#include <benchmark/benchmark.h>

#include "search/grow.hpp"
#include "search/judge.hpp"
#include "search/samples.hpp"

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

/// Grown formulas with exactly `inner` inner constants (any number if it is none) and at most six constants
/// in all.
std::vector<Tree> formulas(const Bench& bench, int inner) {
  Rng rng(1);
  Grower grower(bench.vocabulary, rng);
  std::vector<Tree> out;
  while (out.size() < kFormulas) {
    Tree tree{{grower.part(0)}};
    canonicalise(tree, bench.vocabulary.positive);
    if (!(complexity(tree, bench.vocabulary.prices) < 60))
      continue;  // some powers cannot be written without ^
    const std::size_t found = count_inner(tree);
    if ((inner >= 0 && found != static_cast<std::size_t>(inner)) || found + count_terms(tree) > 6) continue;
    out.push_back(std::move(tree));
  }
  return out;
}

void fit(benchmark::State& state, Loss loss, int inner) {
  const Bench bench = energy_law(static_cast<std::size_t>(state.range(0)), loss);
  const std::vector<Tree> trees = formulas(bench, inner);
  Judge judge(bench.setting);
  for (auto _ : state) {
    for (const Tree& tree : trees) benchmark::DoNotOptimize(judge.judge(tree, nullptr));
  }
  state.counters["formulas"] =
      benchmark::Counter(static_cast<double>(kFormulas), benchmark::Counter::kIsIterationInvariantRate);
}

void evaluate(benchmark::State& state, const char* operators) {
  Options o = small_search();
  o.operators = parse_operators(operators);
  const auto rows = static_cast<std::size_t>(state.range(0));
  const Bench bench(sample_problem("x*y + z", {{"x"}, {"y"}, {"z"}, {"u"}, {"v"}}, "1", rows), o);
  const std::vector<Tree> trees = formulas(bench, -1);
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

BENCHMARK_CAPTURE(fit, relative_linear, Loss::relative, 0)->Arg(50)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fit, relative_any, Loss::relative, -1)->Arg(50)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fit, log_error_any, Loss::log_error, -1)->Arg(50)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, arithmetic, "+,-,*,/")->Arg(50)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, transcendental, "+,-,*,/,^,sqrt,exp,log")
    ->Arg(50)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace energylens::search

BENCHMARK_MAIN();
