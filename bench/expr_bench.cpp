// SPDX-License-Identifier: Apache-2.0
// Node evaluations per second over frozen sets of random trees: nodes (leaves included) times rows. Argument:
// rows.
#include <benchmark/benchmark.h>

#include <vector>

#include "energylens/core/rng.hpp"
#include "energylens/expr/text.hpp"
#include "expr/algebra.hpp"
#include "expr/program.hpp"
#include "expr/random_expression.hpp"

namespace energylens::expr {
namespace {

constexpr std::size_t kTrees = 200, kMaxNodes = 50, kMinNodes = 15;

std::vector<Expr> frozen_trees(const Vocabulary& vocabulary) {
  Rng rng(1);
  std::vector<Expr> trees;
  while (trees.size() < kTrees) {
    Expr tree = random_expression(rng, vocabulary, kMaxNodes);
    if (tree.size() >= kMinNodes) trees.push_back(std::move(tree));
  }
  return trees;
}

struct Data {
  explicit Data(std::size_t rows)
      : storage(arithmetic_vocabulary().variables.size(), std::vector<double>(rows)) {
    Rng rng(2);
    for (std::vector<double>& column : storage) {
      for (double& value : column) value = 0.5 + 2 * rng.uniform();
      columns.emplace_back(column);
    }
  }
  std::vector<std::vector<double>> storage;
  std::vector<std::span<const double>> columns;
};

double count_nodes(const std::vector<Expr>& trees) {
  double nodes = 0;
  for (const Expr& tree : trees) nodes += static_cast<double>(tree.size());
  return nodes;
}

// Evaluation of trees made ready before.
void evaluate(benchmark::State& state, const Vocabulary& vocabulary) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const Data data(rows);
  const std::vector<Expr> trees = frozen_trees(vocabulary);
  std::vector<Program> programs;
  for (const Expr& tree : trees) programs.emplace_back(tree, vocabulary.variables);
  std::vector<double> out(rows);
  Workspace workspace;
  for (auto _ : state) {
    for (const Program& program : programs) program.evaluate(data.columns, {}, out, workspace);
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["node_evals"] = benchmark::Counter(count_nodes(trees) * static_cast<double>(rows),
                                                    benchmark::Counter::kIsIterationInvariantRate);
}

// Making ready and evaluating each tree once, as a search does.
void compile_and_evaluate(benchmark::State& state, const Vocabulary& vocabulary) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const Data data(rows);
  const std::vector<Expr> trees = frozen_trees(vocabulary);
  std::vector<double> out(rows);
  Workspace workspace;
  for (auto _ : state) {
    for (const Expr& tree : trees)
      Program(tree, vocabulary.variables).evaluate(data.columns, {}, out, workspace);
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["node_evals"] = benchmark::Counter(count_nodes(trees) * static_cast<double>(rows),
                                                    benchmark::Counter::kIsIterationInvariantRate);
}

void one_operator(benchmark::State& state, const char* formula) {
  constexpr std::size_t kRows = 1000;
  const Data data(kRows);
  const Program program(parse(formula), arithmetic_vocabulary().variables);
  std::vector<double> out(kRows);
  Workspace workspace;
  for (auto _ : state) {
    program.evaluate(data.columns, {}, out, workspace);
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["values"] = benchmark::Counter(kRows, benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK_CAPTURE(evaluate, arithmetic, arithmetic_vocabulary())->Arg(50)->Arg(1000);
BENCHMARK_CAPTURE(evaluate, transcendental, transcendental_vocabulary())->Arg(50)->Arg(1000);
BENCHMARK_CAPTURE(compile_and_evaluate, arithmetic, arithmetic_vocabulary())->Arg(50)->Arg(1000);
BENCHMARK_CAPTURE(one_operator, add, "x1 + x2");
BENCHMARK_CAPTURE(one_operator, divide, "x1/x2");
BENCHMARK_CAPTURE(one_operator, exp, "exp(x1)");
BENCHMARK_CAPTURE(one_operator, log, "log(x1)");
BENCHMARK_CAPTURE(one_operator, power, "x1^x2");
BENCHMARK_CAPTURE(one_operator, constant_power, "x1^1.7");

void derive(benchmark::State& state) {
  const std::vector<Expr> trees = frozen_trees(transcendental_vocabulary());
  for (auto _ : state) {
    for (const Expr& tree : trees) benchmark::DoNotOptimize(derivative(tree, "x1"));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * trees.size()));
}
BENCHMARK(derive);

void read_and_print(benchmark::State& state) {
  const std::vector<Expr> trees = frozen_trees(transcendental_vocabulary());
  for (auto _ : state) {
    for (const Expr& tree : trees) benchmark::DoNotOptimize(parse(print(tree)));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * trees.size()));
}
BENCHMARK(read_and_print);

}  // namespace
}  // namespace energylens::expr

BENCHMARK_MAIN();
